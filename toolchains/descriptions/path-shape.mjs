// Which segments of a path are values: `/users/17` and `/users/23` are one request with a variable.
import pluralize from 'pluralize';
import { camelCase, hasHole, holesOf } from './names.mjs';
import { decode } from './location.mjs';
import { looksSensitive } from './sensitive.mjs';

const IDS = [
  /^\d+$/,
  /^\d{4}-\d{2}-\d{2}$/,
  /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  /^(?=.*\d)[0-9a-f]{16,}$/i,
  /^(?=.*\d)[0-9A-HJKMNP-TV-Z]{26}$/, // ULID
  /^[a-z]{2,8}_(?=.*\d)[A-Za-z0-9]{8,}$/, // cus_9s6XKzkNRiz8i3
  /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9_-]{16,}={0,2}$/, // base64
  /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
];
const IDENTIFIER_CHARACTERS_MAX = 512;
const NOT_A_RESOURCE = /^(?:api|rest|v\d+(?:\.\d+)*)$/i;

// [{text}|{text, name}], the second for a value, which is decoded; `name` is what a variable for it is called.
export function segmentsOf(path) {
  let previous = '';
  return path
    .split('/')
    .slice(1)
    .map((text) => {
      const segment = isId(decode(text)) ? { text: decode(text), name: nameAfter(previous) } : { text };
      previous = segment.name || hasHole(text) ? '' : text;
      return segment;
    });
}

function isId(text) {
  return (
    text.length <= IDENTIFIER_CHARACTERS_MAX && (looksSensitive(text) || IDS.some((pattern) => pattern.test(text)))
  );
}

function nameAfter(literal) {
  return /[A-Za-z]/.test(literal) ? camelCase(`${pluralize.singular(literal)} id`) : 'id';
}

// `get users by userId`, and the resource it belongs to: what a request is called that nobody named. `segments` are
// texts, where a hole is a value.
export function nameOf(method, segments) {
  const words = [];
  for (const text of segments) {
    const names = holesOf(text);
    if (names.length > 0) words.push(`by ${names.join(' ')}`);
    else if (text !== '' && !NOT_A_RESOURCE.test(text)) words.push(text);
  }
  const resource = words.find((word) => !word.startsWith('by '));
  return { name: [method.toLowerCase(), ...words].join(' '), group: resource === undefined ? [] : [resource] };
}
