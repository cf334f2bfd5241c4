'use strict';
// Arguments in and results out: between the bodies of frames and the values a function sees.

const { named } = require('./errors.cjs');

const STATUS_MIN = 200;
const STATUS_MAX = 599;
const VOID = Object.freeze({ header: '{"void":true}', body: '' });

// The arguments in the order of the function's parameters.
function positional(body, parameters) {
  if (body === '') return [];
  let values;
  try {
    values = JSON.parse(body);
  } catch (error) {
    throw named('BadArguments', `the arguments are not JSON: ${error.message}`, 400);
  }
  if (Array.isArray(values)) return values;
  if (values === null || typeof values !== 'object') {
    throw named('BadArguments', 'the arguments must be a JSON object or array', 400);
  }
  return parameters.map((name) => (Object.hasOwn(values, name) ? values[name] : undefined));
}

// Header and body of a `result` frame. `polyCustom` is null when the function never looked at it.
function encodeResult(value, polyCustom) {
  if (value === undefined && polyCustom === null) return VOID;
  const header = polyCustom === null ? {} : responseHeader(polyCustom);
  if (value === undefined) return { header: JSON.stringify({ ...header, void: true }), body: '' };
  if (typeof value === 'string') return { header: JSON.stringify({ ...header, text: true }), body: value };
  return { header: polyCustom === null ? '' : JSON.stringify(header), body: toJson(value) };
}

function toJson(value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw named('BadResult', `the function returned a value that JSON cannot carry: ${error.message}`);
  }
  if (text === undefined) throw named('BadResult', `the function returned a ${typeof value}, which JSON cannot carry`);
  return text;
}

function responseHeader({ responseStatusCode, responseContentType, responseHeaders }) {
  const header = {};
  if (isSet(responseStatusCode)) {
    if (!isStatus(responseStatusCode)) {
      throw badField('responseStatusCode', `a whole number from ${STATUS_MIN} to ${STATUS_MAX}`);
    }
    header.status = responseStatusCode;
  }
  if (isSet(responseContentType)) {
    if (typeof responseContentType !== 'string') throw badField('responseContentType', 'a string');
    header.contentType = responseContentType;
  }
  if (isSet(responseHeaders)) {
    if (typeof responseHeaders !== 'object') throw badField('responseHeaders', 'an object');
    header.headers = responseHeaders;
  }
  return header;
}

function isStatus(value) {
  return Number.isInteger(value) && value >= STATUS_MIN && value <= STATUS_MAX;
}

function isSet(value) {
  return value !== undefined && value !== null;
}

function badField(field, expected) {
  return named('BadResult', `polyCustom.${field} must be ${expected}`);
}

module.exports = { positional, encodeResult, responseHeader, toJson };
