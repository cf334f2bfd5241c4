'use strict';
// A function may neither end the process nor take it down by an error that nobody catches: both
// become the error of the call they belong to, and the worker stays alive for the other calls.

const { currentCall } = require('./call.cjs');
const { describe, named } = require('./errors.cjs');

// `fail(call, error)` answers a call; `log(text)` says what belongs to no call; `isExpected(error)`
// is true for errors that only wake the code of an answered call.
function guardProcess({ fail, log, isExpected }) {
  process.exit = (code = process.exitCode ?? 0) => {
    const error = named('Exit', `the function called process.exit(${code})`);
    const call = currentCall();
    if (call !== undefined) fail(call, error);
    throw error;
  };

  const onUncaught = (error) => {
    const call = currentCall();
    if (call !== undefined && !call.isAnswered) {
      fail(call, error);
    } else if (!isExpected(error) && !(call?.isAnswered && error?.name === 'Exit')) {
      const { name, message, stack } = describe(error);
      log(`uncaught ${stack ?? `${name}: ${message}`}`);
    }
  };
  process.on('uncaughtException', onUncaught);
  process.on('unhandledRejection', onUncaught);
}

module.exports = { guardProcess };
