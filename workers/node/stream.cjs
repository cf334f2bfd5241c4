'use strict';
// A result that comes piece by piece: what a generator or stream of the function gives is sent as it comes,
// and no faster than the host takes it.

const { named } = require('./errors.cjs');
const { responseHeader, toJson } = require('./values.cjs');

// What may be sent before the host has taken some of it.
const WINDOW_BYTES = 1024 * 1024;
const CHUNK_BYTES_MAX = 256 * 1024;

const BYTES_TYPE = 'application/octet-stream';
const TEXT_TYPE = 'text/plain; charset=utf-8';
const LINES_TYPE = 'application/x-ndjson';

// Generators of both kinds, ReadableStream, Readable, and whatever else gives one value after the other.
function isStream(value) {
  if (value === null || typeof value !== 'object') return false;
  if (typeof value[Symbol.asyncIterator] === 'function') return true;
  return typeof value.next === 'function' && typeof value[Symbol.iterator] === 'function';
}

class ResultStream {
  #send;
  #polyCustom;
  #isBegun = false;
  #window = WINDOW_BYTES;
  #isAbandoned = false;
  #wake = null; // of the piece that waits for the host

  // `send(header, body)` sends a chunk. `polyCustom()` gives what the function set before its first value.
  constructor(send, polyCustom) {
    this.#send = send;
    this.#polyCustom = polyCustom;
  }

  async sendAll(values) {
    for await (const value of values) {
      const { bytes, type } = encode(value);
      await this.#write(bytes, type);
    }
    if (!this.#isBegun) await this.#write(Buffer.alloc(0), LINES_TYPE);
  }

  // The host has taken so much.
  more(bytes) {
    this.#window += bytes;
    this.#wake?.();
  }

  // Nobody waits for the rest: whoever gives the values is told to end.
  abandon() {
    this.#isAbandoned = true;
    this.#wake?.();
  }

  async #write(bytes, type) {
    let start = 0;
    do {
      while (this.#window === 0 && !this.#isAbandoned) await this.#room();
      if (this.#isAbandoned) throw named('Cancelled', 'the result is not read any more');
      const end = Math.min(bytes.length, start + Math.min(this.#window, CHUNK_BYTES_MAX));
      this.#send(this.#isBegun ? '' : this.#header(type), bytes.subarray(start, end));
      this.#isBegun = true;
      this.#window -= end - start;
      start = end;
    } while (start < bytes.length);
  }

  #header(contentType) {
    const custom = this.#polyCustom();
    return JSON.stringify({ contentType, ...(custom === null ? {} : responseHeader(custom)) });
  }

  #room() {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

function encode(value) {
  if (typeof value === 'string') return { bytes: Buffer.from(value), type: TEXT_TYPE };
  if (ArrayBuffer.isView(value)) {
    return { bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength), type: BYTES_TYPE };
  }
  if (value instanceof ArrayBuffer) return { bytes: Buffer.from(value), type: BYTES_TYPE };
  return { bytes: Buffer.from(`${toJson(value)}\n`), type: LINES_TYPE };
}

module.exports = { ResultStream, isStream };
