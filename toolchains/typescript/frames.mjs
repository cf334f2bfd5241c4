// The frames of docs/worker-protocol.md as a toolchain needs them: bytes in, calls out, and back.

export const kinds = { call: 0x02, drain: 0x04, hello: 0x41, loaded: 0x42, result: 0x43, error: 0x44 };

const frameBytesMax = 64 * 1024 * 1024;
const prefixBytes = 4;
const identityBytes = 5;

/** Cuts a byte stream into `{kind, id, payload}`. Throws `RangeError` on a length no frame has. */
export class FrameReader {
  #pending = Buffer.alloc(0);

  push(chunk) {
    let buffer = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    const frames = [];
    while (buffer.length >= prefixBytes) {
      const length = buffer.readUInt32LE(0);
      if (length < identityBytes || length > frameBytesMax) throw new RangeError(`frame length ${length} is out of range`);
      const end = prefixBytes + length;
      if (buffer.length < end) break;
      frames.push({ kind: buffer[4], id: buffer.readUInt32LE(5), payload: buffer.subarray(9, end) });
      buffer = buffer.subarray(end);
    }
    this.#pending = buffer;
    return frames;
  }
}

/** The body of a message payload. */
export function bodyOf(payload) {
  const headerLength = payload.length >= 4 ? payload.readUInt32LE(0) : Infinity;
  if (headerLength > payload.length - 4) throw new RangeError('the header is longer than its frame');
  return payload.subarray(4 + headerLength);
}

export function messageFrame(kind, id, header = {}, body = '') {
  const headerBytes = Buffer.from(JSON.stringify(header));
  const bodyBytes = Buffer.from(body);
  const start = Buffer.alloc(13);
  start.writeUInt32LE(identityBytes + 4 + headerBytes.length + bodyBytes.length, 0);
  start[4] = kind;
  start.writeUInt32LE(id, 5);
  start.writeUInt32LE(headerBytes.length, 9);
  return Buffer.concat([start, headerBytes, bodyBytes]);
}
