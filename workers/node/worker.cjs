'use strict';
// The life of a worker: loaded once, then calls in and answers out, until it is drained.

const { Kind, ProtocolError, FrameTooLarge } = require('./frames.cjs');
const { Call, runAs } = require('./call.cjs');
const { captureConsole } = require('./console.cjs');
const { createCatalog } = require('./catalog.cjs');
const { compile } = require('./code.cjs');
const { describe, isErrorStatus, named } = require('./errors.cjs');
const { guardProcess } = require('./guard.cjs');
const { Questions } = require('./questions.cjs');
const { ResultStream, isStream } = require('./stream.cjs');
const { encodeResult, positional } = require('./values.cjs');

const LANGUAGE = 'javascript';

class Worker {
  #channel;
  #exit;
  #questions;
  #function = null; // {run, parameters} once loaded
  #calls = new Map(); // id → Call in flight
  #isDraining = false;

  // `exit(code)` ends the process.
  constructor(channel, exit) {
    this.#channel = channel;
    this.#exit = exit;
    this.#questions = new Questions((kind, id, header, body) => channel.send(kind, id, header, body));
  }

  // From here on this worker's calls own the console, the streams and the end of the process.
  takeProcess() {
    const channel = this.#channel;
    const { unattributed } = captureConsole({
      send: (id, level, text) => channel.send(Kind.log, id, `{"level":"${level}","at":${Date.now()}}`, text),
      backlogBytes: () => channel.backlogBytes,
    });
    guardProcess({
      fail: (call, error) => this.#fail(call, error),
      log: (text) => unattributed.line('error', text),
      isExpected: (error) => this.#questions.raised(error),
    });
  }

  get isLoaded() {
    return this.#function !== null;
  }

  handle(frame) {
    switch (frame.kind) {
      case Kind.call: return this.#call(frame);
      case Kind.reply: return this.#questions.answer(frame.id, frame.header.error, frame.body);
      case Kind.more: return this.#calls.get(frame.id)?.stream?.more(frame.header.bytes);
      case Kind.load: return this.#load(frame);
      case Kind.cancel: return this.#cancel(frame.id);
      case Kind.drain: return this.#drain();
      default: throw new ProtocolError(`frame of unknown kind ${frame.kind}`);
    }
  }

  #load({ header, body }) {
    try {
      if (this.#function !== null) {
        throw named('AlreadyLoaded', 'this worker has its function and cannot load another');
      }
      if (header.language !== LANGUAGE) {
        throw named('WrongLanguage', `this worker runs ${LANGUAGE}, not ${header.language}`);
      }
      Object.assign(process.env, header.environment);
      const layers = header.layers ?? [];
      const clientFunctions = new Map();
      const ask = (op, path, values) => this.#questions.ask(op, path, values);
      const catalog = createCatalog({ ask, clientFunctions, language: LANGUAGE });
      for (const client of header.clientFunctions ?? []) {
        let compiled;
        const layersOfClient = [...(client.layers ?? []), ...layers];
        const run = (values) => (compiled ??= compile({ ...client, layers: layersOfClient, catalog }))(...values);
        clientFunctions.set(client.path, { language: client.language, run });
      }
      const run = compile({ code: body, path: header.path, name: header.name, catalog, layers });
      this.#function = { run, parameters: header.parameters ?? [] };
      this.#channel.send(Kind.loaded, 0, '', '');
    } catch (error) {
      this.#channel.send(Kind.error, 0, JSON.stringify(describe(error)), '');
    }
  }

  #call({ id, header, body }) {
    if (this.#function === null) throw new ProtocolError(`call ${id} came before a function was loaded`);
    if (this.#isDraining) throw new ProtocolError(`call ${id} came after drain`);
    if (this.#calls.has(id)) throw new ProtocolError(`call ${id} is in flight already`);
    const call = new Call(id, header);
    this.#calls.set(id, call);
    runAs(call, this.#run, call, body);
  }

  #run = (call, body) => {
    const { run, parameters } = this.#function;
    try {
      const value = run(...positional(body, parameters));
      if (value === null || value === undefined || typeof value.then !== 'function') this.#settle(call, value);
      else value.then((settled) => this.#settle(call, settled), (error) => this.#fail(call, error));
    } catch (error) {
      this.#fail(call, error);
    }
  };

  #settle(call, value) {
    if (isStream(value)) this.#stream(call, value);
    else this.#succeed(call, value, call.polyCustom);
  }

  async #stream(call, values) {
    const send = (header, body) => this.#channel.send(Kind.chunk, call.id, header, body);
    call.stream = new ResultStream(send, () => call.polyCustom);
    if (call.isAnswered) call.stream.abandon();
    try {
      await call.stream.sendAll(values);
      this.#succeed(call, undefined, null);
    } catch (error) {
      this.#fail(call, error);
    }
  }

  #succeed(call, value, polyCustom) {
    if (call.isAnswered) return;
    try {
      const { header, body } = encodeResult(value, polyCustom);
      call.logBook?.close();
      this.#channel.send(Kind.result, call.id, header, body);
    } catch (error) {
      const isTooLarge = error instanceof FrameTooLarge;
      this.#fail(call, isTooLarge ? named('ResultTooLarge', `the result is too large: ${error.message}`) : error);
      return;
    }
    this.#forget(call);
  }

  #fail(call, error) {
    if (call.isAnswered) return;
    const description = describe(error);
    const chosen = call.polyCustom?.responseStatusCode;
    if (description.statusCode === undefined && isErrorStatus(chosen)) description.statusCode = chosen;
    call.logBook?.close();
    this.#channel.send(Kind.error, call.id, JSON.stringify(description), '');
    this.#forget(call);
  }

  #forget(call) {
    call.isAnswered = true;
    this.#calls.delete(call.id);
    this.#questions.abandon(call);
    call.stream?.abandon();
    this.#exitWhenDrained();
  }

  // JavaScript cannot be stopped from outside: the call is answered at once, and its code is woken
  // with an error where it waits for the host.
  #cancel(id) {
    const call = this.#calls.get(id);
    if (call !== undefined) this.#fail(call, named('Cancelled', 'the call was cancelled'));
  }

  #drain() {
    this.#isDraining = true;
    this.#exitWhenDrained();
  }

  #exitWhenDrained() {
    if (this.#isDraining && this.#calls.size === 0) this.#channel.finish(() => this.#exit(0));
  }
}

module.exports = { Worker };
