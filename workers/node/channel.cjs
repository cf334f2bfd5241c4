'use strict';
// The socket to the host. Everything readable is handled, and what was answered meanwhile leaves in
// one write at the end of the event-loop turn: with many calls in flight this is eight times the
// throughput of a write for each frame.

const { Socket } = require('node:net');
const { FrameReader, FrameWriter, ProtocolError } = require('./frames.cjs');

const READ_BYTES = 64 * 1024;
// A turn that produces more than this writes before its end, so that a synchronous loop shows its logs.
const EARLY_WRITE_BYTES = 256 * 1024;
const REUSED_BYTES_MAX = 1024 * 1024;

class Channel {
  #descriptor;
  #reader;
  #writer;
  #socket = null;
  #flushScheduled = false;
  #finished = null; // called when all is out and nothing more comes
  #flush = () => this.flush();

  constructor({ descriptor, frameBytesMax }) {
    this.#descriptor = descriptor;
    this.#reader = new FrameReader(frameBytesMax);
    this.#writer = new FrameWriter(frameBytesMax);
  }

  open({ onFrame, onEnd, onProtocolError }) {
    const receive = (bytes, buffer) => {
      try {
        this.#reader.push(buffer.subarray(0, bytes), onFrame);
      } catch (error) {
        onProtocolError(error);
      }
      return true;
    };
    const onread = { buffer: Buffer.allocUnsafeSlow(READ_BYTES), callback: receive };
    this.#socket = new Socket({ fd: this.#descriptor, readable: true, writable: true, onread });
    this.#socket.on('error', onEnd);
    this.#socket.on('end', () => {
      if (this.#reader.isBetweenFrames) onEnd();
      else onProtocolError(new ProtocolError('the socket ended inside a frame'));
    });
  }

  // Takes the way of a write, with nothing to write.
  rehearse() {
    this.#socket.write(Buffer.alloc(0), this.#flush);
  }

  // Bytes that wait for the host to read.
  get backlogBytes() {
    return this.#writer.pendingBytes + this.#socket.writableLength;
  }

  // Throws FrameTooLarge, and then nothing is sent.
  send(kind, id, header, body) {
    this.#writer.add(kind, id, header, body);
    const isEarly = this.#writer.pendingBytes > EARLY_WRITE_BYTES && this.#socket.writableLength === 0;
    if (isEarly) {
      this.flush();
    } else if (!this.#flushScheduled) {
      this.#flushScheduled = true;
      setImmediate(this.#flush);
    }
  }

  // While the host does not read, frames stay packed in the writer: this is called again when it has.
  flush() {
    this.#flushScheduled = false;
    const socket = this.#socket;
    if (socket.writableLength > 0) return;
    if (this.#writer.pendingBytes === 0) {
      if (this.#finished !== null) socket.end(this.#finished);
      return;
    }
    const { buffers, last } = this.#writer.take();
    const final = buffers.pop();
    if (buffers.length > 0) socket.cork();
    for (const buffer of buffers) socket.write(buffer);
    socket.write(final, this.#flush);
    if (buffers.length > 0) socket.uncork();
    if (socket.writableLength === 0 && last.length <= REUSED_BYTES_MAX) this.#writer.reuse(last);
  }

  // Calls `done` when everything said has reached the socket.
  finish(done) {
    this.#finished = done;
    this.flush();
  }
}

module.exports = { Channel };
