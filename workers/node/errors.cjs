'use strict';
// What was thrown, as the header of an `error` frame: with the user's own lines in the stack and
// nothing of the harness.

const { types } = require('node:util');
const { originalPosition } = require('./sources.cjs');

const MESSAGE_UNITS_MAX = 16_384;
const STACK_FRAMES_MAX = 20;
const HARNESS_FRAME = `${__dirname}/`;
const NODE_FRAME = /[ (]node:/;
const POSITION = /(?<=^ {4}at .*)([^\s()]+):(\d+):(\d+)(?=\)?$)/;

// An error that the harness itself answers with.
function named(name, message, statusCode) {
  const error = new Error(message);
  Object.defineProperty(error, 'name', { value: name });
  if (statusCode !== undefined) error.statusCode = statusCode;
  return error;
}

function describe(thrown) {
  try {
    return isError(thrown) ? describeError(thrown) : { name: 'Error', message: cut(plainMessage(thrown)) };
  } catch {
    return { name: 'Error', message: 'what the function threw cannot be read' };
  }
}

function describeError(error) {
  const description = { name: String(error.name), message: cut(String(error.message)) };
  const stack = typeof error.stack === 'string' ? error.stack : '';
  const frames = userFrames(stack);
  if (frames.length > 0) description.stack = [`${description.name}: ${description.message}`, ...frames].join('\n');
  const line = lineOf(stack, frames);
  if (line !== undefined) description.line = line;
  if (isErrorStatus(error.statusCode)) description.statusCode = error.statusCode;
  return description;
}

function isError(thrown) {
  return types.isNativeError(thrown) || thrown instanceof Error;
}

function isErrorStatus(value) {
  return Number.isInteger(value) && value >= 400 && value <= 599;
}

function plainMessage(thrown) {
  if (thrown !== null && typeof thrown === 'object') {
    return typeof thrown.message === 'string' ? thrown.message : JSON.stringify(thrown);
  }
  return String(thrown);
}

function cut(text) {
  return text.length <= MESSAGE_UNITS_MAX ? text : `${text.slice(0, MESSAGE_UNITS_MAX)}…`;
}

function userFrames(stack) {
  return stack
    .split('\n')
    .filter((line) => POSITION.test(line) && !NODE_FRAME.test(line) && !line.includes(HARNESS_FRAME))
    .slice(0, STACK_FRAMES_MAX)
    .map((line) => line.replace(POSITION, (_, file, row, column) => {
      const position = originalPosition(file, Number(row), Number(column));
      return `${position.file}:${position.line}:${position.column}`;
    }));
}

// A SyntaxError names its place before the stack ("file:line"); any other error in its first frame.
function lineOf(stack, frames) {
  const syntax = /^(\S+):(\d+)\n/.exec(stack);
  if (syntax) return originalPosition(syntax[1], Number(syntax[2]), 1).line;
  return frames.length > 0 ? Number(POSITION.exec(frames[0])[2]) : undefined;
}

module.exports = { describe, isErrorStatus, named };
