'use strict';
// One call in flight, and which call the running code belongs to.

const { AsyncLocalStorage } = require('node:async_hooks');

const running = new AsyncLocalStorage();

class Call {
  isAnswered = false;
  nestedCount = 0;
  #openQuestions = null;
  polyCustom = null; // made when the function first looks at it
  logBook = null; // made by the first line of log
  stream = null; // of a result that comes piece by piece

  constructor(id, header) {
    this.id = id;
    this.header = header;
  }

  // Ids of the questions that the host has not answered yet.
  get openQuestions() {
    this.#openQuestions ??= new Set();
    return this.#openQuestions;
  }

  get wantsLogs() {
    return this.header.logs === true;
  }

  // What the function sees as `polyCustom`.
  custom() {
    this.polyCustom ??= { ...this.header.polyCustom, executionId: this.header.executionId };
    return this.polyCustom;
  }
}

// The call on whose behalf this line runs, or undefined.
function currentCall() {
  return running.getStore();
}

// Runs `work` and everything it starts on behalf of `call`.
function runAs(call, work, ...values) {
  return running.run(call, work, ...values);
}

module.exports = { Call, currentCall, runAs };
