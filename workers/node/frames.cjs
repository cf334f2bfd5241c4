'use strict';
// Frames to bytes and back, without I/O: the "Frame" section of docs/worker-protocol.md.

const Kind = Object.freeze({
  load: 0x01,
  call: 0x02,
  cancel: 0x03,
  drain: 0x04,
  reply: 0x05,
  more: 0x06,
  hello: 0x41,
  loaded: 0x42,
  result: 0x43,
  error: 0x44,
  log: 0x45,
  nested: 0x46,
  chunk: 0x47,
});

const FRAME_BYTES_MAX = 64 * 1024 * 1024; // of `length`
const FRAME_BYTES_MIN = 5; // kind and id
const LENGTH_BYTES = 4;
const PREFIX_BYTES = LENGTH_BYTES + FRAME_BYTES_MIN; // length, kind, id
const ENVELOPE_BYTES = PREFIX_BYTES + 4; // and header_length
const UTF8_BYTES_PER_UNIT_MAX = 3;

class ProtocolError extends Error {}

// A frame that the receiver would refuse; the sender must say something shorter.
class FrameTooLarge extends Error {
  constructor(bytes, max) {
    super(`it takes a frame of ${bytes} bytes and at most ${max} fit`);
    this.name = 'FrameTooLarge';
  }
}

// Collects chunks of bytes as they arrive and hands out whole frames.
class FrameReader {
  #bytesMax;
  #kept = []; // chunks of a frame that is not complete
  #keptBytes = 0;
  #wantedBytes = 0; // nothing can be read before this many are kept

  constructor(bytesMax = FRAME_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  get isBetweenFrames() {
    return this.#keptBytes === 0;
  }

  // Calls onFrame({kind, id, header, body}) for each frame that `chunk` completes. `chunk` may be
  // reused by the caller afterwards.
  push(chunk, onFrame) {
    let bytes = chunk;
    if (this.#keptBytes > 0) {
      this.#keep(chunk);
      if (this.#keptBytes < this.#wantedBytes) return;
      bytes = Buffer.concat(this.#kept, this.#keptBytes);
      this.#kept = [];
      this.#keptBytes = 0;
    }
    let start = 0;
    for (;;) {
      const available = bytes.length - start;
      this.#wantedBytes = LENGTH_BYTES;
      if (available >= LENGTH_BYTES) {
        this.#wantedBytes += this.#checkedLength(bytes.readUInt32LE(start));
      }
      if (available < this.#wantedBytes) break;
      const end = start + this.#wantedBytes;
      onFrame(parse(bytes, start + LENGTH_BYTES, end));
      start = end;
    }
    if (start < bytes.length) this.#keep(bytes.subarray(start));
  }

  #keep(chunk) {
    this.#kept.push(Buffer.from(chunk));
    this.#keptBytes += chunk.length;
  }

  #checkedLength(length) {
    if (length < FRAME_BYTES_MIN || length > this.#bytesMax) {
      throw new ProtocolError(`frame length ${length} is outside ${FRAME_BYTES_MIN}..${this.#bytesMax}`);
    }
    return length;
  }
}

function parse(bytes, start, end) {
  const kind = bytes[start];
  const id = bytes.readUInt32LE(start + 1);
  const message = start + FRAME_BYTES_MIN;
  if (message === end) return { kind, id, header: {}, body: '' };
  if (end - message < 4) throw new ProtocolError(`frame of kind ${kind} ends inside header_length`);
  const headerStart = message + 4;
  const headerEnd = headerStart + bytes.readUInt32LE(message);
  if (headerEnd > end) throw new ProtocolError(`header of a frame of kind ${kind} passes the end of the frame`);
  const header = headerEnd === headerStart ? {} : parseHeader(bytes.utf8Slice(headerStart, headerEnd));
  return { kind, id, header, body: bytes.utf8Slice(headerEnd, end) };
}

function parseHeader(text) {
  let header;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw new ProtocolError(`header is not JSON: ${error.message}`);
  }
  if (header === null || typeof header !== 'object' || Array.isArray(header)) {
    throw new ProtocolError('header is not a JSON object');
  }
  return header;
}

// Packs frames one after another into few large buffers, until they are taken for one write.
class FrameWriter {
  static CHUNK_BYTES = 64 * 1024;

  #bytesMax;
  #full = []; // buffers ready to be written
  #fullBytes = 0;
  #chunk = Buffer.allocUnsafeSlow(FrameWriter.CHUNK_BYTES);
  #used = 0;

  constructor(bytesMax = FRAME_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  get pendingBytes() {
    return this.#fullBytes + this.#used;
  }

  // `header` is a text, empty for {}; `body` is a text or bytes.
  add(kind, id, header, body) {
    const worstBytes = ENVELOPE_BYTES + UTF8_BYTES_PER_UNIT_MAX * (header.length + body.length);
    const isTight = worstBytes > this.#chunk.length - this.#used || worstBytes > this.#bytesMax;
    if (isTight) this.#makeRoom(header, body);
    const chunk = this.#chunk;
    const start = this.#used;
    const headerBytes = header === '' ? 0 : chunk.utf8Write(header, start + ENVELOPE_BYTES);
    const bodyStart = start + ENVELOPE_BYTES + headerBytes;
    const end = bodyStart + writeBody(chunk, body, bodyStart);
    chunk.writeUInt32LE(end - start - LENGTH_BYTES, start);
    chunk[start + LENGTH_BYTES] = kind;
    chunk.writeUInt32LE(id, start + LENGTH_BYTES + 1);
    chunk.writeUInt32LE(headerBytes, start + PREFIX_BYTES);
    this.#used = end;
  }

  // Hands over what was packed. The last buffer stays ours: give it back with `reuse` once its
  // bytes are out, or let it go.
  take() {
    const last = this.#chunk;
    const buffers = this.#full;
    buffers.push(last.subarray(0, this.#used));
    this.#full = [];
    this.#fullBytes = 0;
    this.#used = 0;
    this.#chunk = Buffer.alloc(0);
    return { buffers, last };
  }

  reuse(buffer) {
    this.#chunk = buffer;
  }

  #makeRoom(header, body) {
    const bytes = ENVELOPE_BYTES + Buffer.byteLength(header) + Buffer.byteLength(body);
    if (bytes - LENGTH_BYTES > this.#bytesMax) throw new FrameTooLarge(bytes - LENGTH_BYTES, this.#bytesMax);
    if (bytes <= this.#chunk.length - this.#used) return;
    if (this.#used > 0) {
      this.#full.push(this.#chunk.subarray(0, this.#used));
      this.#fullBytes += this.#used;
    }
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(bytes, FrameWriter.CHUNK_BYTES));
    this.#used = 0;
  }
}

// Gives how many bytes it took.
function writeBody(chunk, body, start) {
  if (typeof body === 'string') return body === '' ? 0 : chunk.utf8Write(body, start);
  chunk.set(body, start);
  return body.length;
}

function encode(kind, id, header, body) {
  const writer = new FrameWriter();
  writer.add(kind, id, header, body);
  return writer.take().buffers[0];
}

module.exports = { Kind, FRAME_BYTES_MAX, ProtocolError, FrameTooLarge, FrameReader, FrameWriter, encode };
