// What is wrong with a description, said to the one who wrote it: the file, where in it, and why.
export class Fault extends Error {
  constructor(message, { file, line, column } = {}) {
    super(message);
    this.name = 'Fault';
    this.place = { file, line, column };
  }

  // The same complaint about a known file.
  in(file) {
    this.place.file ??= file;
    return this;
  }

  toJSON() {
    return { ...this.place, message: this.message };
  }
}

// Several at once, at least one.
export class Faults extends Error {
  constructor(faults) {
    super(faults[0].message);
    this.faults = faults;
  }
}

export function placeOf(text, offset) {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}
