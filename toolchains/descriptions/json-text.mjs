// JSON text to a value, with a complaint that says where it breaks, and never deeper than a limit.
import { parse, printParseErrorCode } from 'jsonc-parser';
import { Fault, placeOf } from './fault.mjs';

export function parseJson(text, depthMax) {
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let value;
  try {
    value = JSON.parse(plain);
  } catch (error) {
    throw new Fault(...complaint(plain, error));
  }
  checkDepth(value, depthMax);
  return value;
}

function complaint(text, error) {
  const errors = [];
  try {
    parse(text, errors, { disallowComments: true });
  } catch {
    return [`it is not JSON: ${error.message}`]; // nested deeper than the parser's stack
  }
  if (errors.length === 0) return [`it is not JSON: ${error.message}`];
  const [{ error: code, offset }] = errors;
  return [`it is not JSON: ${inWords(printParseErrorCode(code))}`, placeOf(text, offset)];
}

// `CommaExpected` → `comma expected`
function inWords(code) {
  return code.replace(/(?<=.)(?=[A-Z])/g, ' ').toLowerCase();
}

// Without recursion, because that is what it protects.
export function checkDepth(value, depthMax) {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > depthMax) throw new Fault(`it is nested deeper than ${depthMax}`);
    const next = [];
    for (const item of level) {
      if (item === null || typeof item !== 'object') continue;
      for (const member of Array.isArray(item) ? item : Object.values(item)) {
        if (member !== null && typeof member === 'object') next.push(member);
      }
    }
    level = next;
  }
}
