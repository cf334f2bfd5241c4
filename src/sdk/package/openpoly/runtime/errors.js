'use strict';
// How a call fails.

class PolyError extends Error {
  constructor(message, { statusCode = 0, code, details, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PolyError';
    this.statusCode = statusCode;
    this.code = code;
    this.details = details;
  }
}

// The error for an answer that is not 2xx. `body` is its parsed body (wire format:
// {statusCode, message, code?}, where message may be a list of reasons).
function errorOfAnswer(what, { status, body }) {
  const reasons = Array.isArray(body?.message) ? body.message.join('; ') : body?.message;
  const text = typeof body === 'string' && body !== '' ? body : undefined;
  return new PolyError(`${what} failed with status ${status}: ${reasons ?? text ?? 'no reason was given'}`, {
    statusCode: status,
    code: body?.code,
    details: body,
  });
}

module.exports = { PolyError, errorOfAnswer };
