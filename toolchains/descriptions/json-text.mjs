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
  checkSize(value, { depthMax });
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

// Without recursion, because that is what it protects. A value that stands in several places counts for each.
export function checkSize(value, { depthMax, valuesMax = Infinity }) {
  let level = [value];
  let values = 1;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > depthMax) throw new Fault(`it is nested deeper than ${depthMax}`);
    const next = [];
    for (const item of level) {
      if (item === null || typeof item !== 'object') continue;
      for (const member of Array.isArray(item) ? item : Object.values(item)) {
        values += 1;
        if (member !== null && typeof member === 'object') next.push(member);
      }
      if (values > valuesMax) throw new Fault(`it has more than ${valuesMax} values, repeated ones counted`);
    }
    level = next;
  }
}
