'use strict';
// Console output and direct writes to standard output and error become log lines of the call that
// wrote them, within the limits of docs/worker-protocol.md.

const { currentCall } = require('./call.cjs');

const LINE_BYTES_MAX = 16_384;
const CALL_LOG_BYTES_MAX = 1_048_576;
// Lines are left out while this much waits for the host to read.
const LOG_BACKLOG_BYTES_MAX = 8 * 1024 * 1024;
const LEVELS = { log: 'info', info: 'info', warn: 'warn', error: 'error', debug: 'debug' };

// The log of one execution. `send(level, text)` puts a line on its way, `isCongested()` tells that
// the host does not keep up.
class LogBook {
  #send;
  #isCongested;
  #bytesLeft;
  #unfinished = new Map(); // level → {rest, cutBytes}: text without its newline yet, and what was cut from it
  #leftOutLines = 0;
  #leftOutBytes = 0;

  constructor({ send, isCongested, bytesMax }) {
    this.#send = send;
    this.#isCongested = isCongested;
    this.#bytesLeft = bytesMax;
  }

  // One line, whatever newlines it has inside: what one call of console.log says.
  // `cutBytes` were said on it and are gone already.
  line(level, text, cutBytes = 0) {
    const whole = Buffer.byteLength(text);
    const kept = whole > LINE_BYTES_MAX ? cutToBytes(text, LINE_BYTES_MAX) : text;
    const bytes = Math.min(whole, LINE_BYTES_MAX) + 1; // the newline counts
    if (bytes > this.#bytesLeft || this.#isCongested()) {
      this.#leftOutLines += 1;
      this.#leftOutBytes += whole + cutBytes;
      return;
    }
    if (this.#bytesLeft === Infinity) this.#tellLeftOut();
    this.#bytesLeft -= bytes;
    this.#send(level, kept);
  }

  // Text as it comes from a stream: a line ends at a newline.
  write(level, text) {
    const begun = this.#unfinished.get(level);
    const lines = ((begun?.rest ?? '') + text).split('\n');
    const rest = lines.pop();
    let cutBytes = begun?.cutBytes ?? 0;
    for (const line of lines) {
      this.line(level, line, cutBytes);
      cutBytes = 0;
    }
    if (rest.length > LINE_BYTES_MAX) cutBytes += Buffer.byteLength(rest.slice(LINE_BYTES_MAX));
    this.#unfinished.set(level, { rest: rest.slice(0, LINE_BYTES_MAX), cutBytes });
  }

  close() {
    for (const [level, { rest, cutBytes }] of this.#unfinished) {
      if (rest !== '') this.line(level, rest, cutBytes);
    }
    this.#unfinished.clear();
    this.#tellLeftOut();
  }

  #tellLeftOut() {
    if (this.#leftOutLines === 0) return;
    this.#send('warn', `${this.#leftOutLines} lines of log (${this.#leftOutBytes} bytes) were left out`);
    this.#leftOutLines = 0;
    this.#leftOutBytes = 0;
  }
}

// Cut between two characters, at or below `bytes`.
function cutToBytes(text, bytes) {
  const encoded = Buffer.from(text.slice(0, bytes));
  let end = Math.min(bytes, encoded.length);
  while (end < encoded.length && end > 0 && (encoded[end] & 0xc0) === 0x80) end -= 1;
  return encoded.utf8Slice(0, end);
}

// Puts our doors in place of the console and the two streams. `send(callId, level, text)` sends one
// line, `backlogBytes()` tells how much waits for the host.
function captureConsole({ send, backlogBytes }) {
  const isCongested = () => backlogBytes() > LOG_BACKLOG_BYTES_MAX;
  const unattributed = new LogBook({
    send: (level, text) => send(0, level, text),
    isCongested,
    bytesMax: Infinity,
  });

  // Undefined when nobody wants to read it.
  const currentBook = () => {
    const call = currentCall();
    if (call === undefined) return unattributed;
    if (!call.wantsLogs) return undefined;
    if (call.isAnswered) return unattributed;
    call.logBook ??= new LogBook({
      send: (level, text) => send(call.id, level, text),
      isCongested,
      bytesMax: CALL_LOG_BYTES_MAX,
    });
    return call.logBook;
  };

  for (const [method, level] of Object.entries(LEVELS)) {
    console[method] = (...values) => {
      const book = currentBook();
      if (book !== undefined) book.line(level, format(values));
    };
  }
  replaceStream('stdout', (text) => currentBook()?.write('info', text));
  replaceStream('stderr', (text) => currentBook()?.write('error', text));
  return { unattributed };
}

function format(values) {
  if (values.length === 1 && typeof values[0] === 'string') return values[0];
  return require('node:util').format(...values);
}

// The stream is made when someone first asks for it: most functions never do.
function replaceStream(name, write) {
  let stream;
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get() {
      if (stream === undefined) {
        const { Writable } = require('node:stream');
        stream = new Writable({
          decodeStrings: false,
          write(chunk, encoding, done) {
            write(typeof chunk === 'string' ? chunk : chunk.toString());
            done();
          },
        });
      }
      return stream;
    },
  });
}

module.exports = { captureConsole };
