// Names of arguments, by the rule of docs/training.md, and the `{{holes}}` that carry them.

// camelCase: words are runs of ASCII letters and digits, a run of capitals in front becomes small.
export function camelCase(text) {
  const [first, ...others] = text.match(/[A-Za-z0-9]+/g) ?? ['value'];
  const head = first.replace(/^[A-Z]+(?![a-z])|^[A-Z]+(?=[A-Z][a-z])|^[A-Z]/, (capitals) => capitals.toLowerCase());
  const name = head + others.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

// Gives each wanted name once: the second `id` is `id2`.
export class NameBook {
  #taken;

  constructor(taken = []) {
    this.#taken = new Set(taken);
  }

  claim(wanted) {
    let name = wanted;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${wanted}${number}`;
    this.#taken.add(name);
    return name;
  }
}

const HOLE = /\{\{\s*([^{}]+?)\s*\}\}/g;

export function hole(name) {
  return `{{${name}}}`;
}

export function hasHole(text) {
  return text.search(HOLE) >= 0;
}

// As written, in order.
export function holesOf(text) {
  return Array.from(text.matchAll(HOLE), ([, name]) => name);
}

export function renameHoles(text, rename) {
  return text.replace(HOLE, (_, name) => hole(rename(name)));
}

// For text that was recorded, where two braces mean nothing.
export function withoutHoles(text) {
  return text.replaceAll('{{', '{ {');
}

// PascalCase, for schemas.
export function pascalCase(text) {
  const name = (text.match(/[A-Za-z0-9]+/g) ?? ['Value']).map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  return /^[0-9]/.test(name) ? `_${name}` : name;
}
