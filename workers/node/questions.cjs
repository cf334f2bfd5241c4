'use strict';
// What functions ask of the host while they run (`nested` frames), and the answers on their way back.

const { Kind, ProtocolError } = require('./frames.cjs');
const { currentCall } = require('./call.cjs');
const { named } = require('./errors.cjs');

const QUESTION_ID_MAX = 0xffff_ffff;

class Questions {
  #send;
  #open = new Map(); // id → {call, resolve, reject}
  #lastId = 0;
  #raised = new WeakSet();

  // `send(kind, id, header, body)` puts a frame on its way.
  constructor(send) {
    this.#send = send;
  }

  // The promise of the host's answer to `op` on `path`, asked on behalf of the running call.
  ask(op, path, values) {
    const call = currentCall();
    if (call === undefined) throw new Error(`${path} can be reached only while a call is answered`);
    return new Promise((resolve, reject) => {
      if (call.isAnswered) throw this.#gone(path);
      const unsuited = values.findIndex((value) => typeof value === 'function');
      if (unsuited >= 0) throw new TypeError(`argument ${unsuited} of ${path} is a function, which JSON cannot carry`);
      const body = JSON.stringify(values);
      const id = this.#nextId();
      this.#send(Kind.nested, id, JSON.stringify({ call: call.id, sequence: call.nestedCount, op, path }), body);
      call.nestedCount += 1;
      call.openQuestions.add(id);
      this.#open.set(id, { call, path, resolve, reject });
    });
  }

  answer(id, error, body) {
    const question = this.#open.get(id);
    if (question === undefined) return; // its call was answered first
    this.#open.delete(id);
    question.call.openQuestions.delete(id);
    if (error === undefined) question.resolve(parse(body));
    else question.reject(asThrown(error));
  }

  // Nobody waits for `call` any more: code of it that still waits for the host is woken with an error.
  abandon(call) {
    if (call.nestedCount === 0) return;
    for (const id of call.openQuestions) {
      const { path, reject } = this.#open.get(id);
      this.#open.delete(id);
      reject(this.#gone(path));
    }
    call.openQuestions.clear();
  }

  // True for an error that only woke the code of an answered call: nobody needs to hear of it.
  raised(error) {
    return typeof error === 'object' && error !== null && this.#raised.has(error);
  }

  #gone(path) {
    const error = named('Cancelled', `${path} cannot be reached: its call has been answered`);
    this.#raised.add(error);
    return error;
  }

  #nextId() {
    do {
      this.#lastId = this.#lastId === QUESTION_ID_MAX ? 1 : this.#lastId + 1;
    } while (this.#open.has(this.#lastId));
    return this.#lastId;
  }
}

function parse(body) {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new ProtocolError(`the body of a reply is not JSON: ${error.message}`);
  }
}

function asThrown({ message, statusCode, code }) {
  const error = named('PolyError', message, statusCode);
  if (code !== undefined) error.code = code;
  return error;
}

module.exports = { Questions };
