// Fields of forms as spec::KeyValue has them.
import { decode, parseQuery } from './location.mjs';

// Text of `application/x-www-form-urlencoded`.
export function formFieldsOf(text) {
  return parseQuery(text).map(({ key, value }) => ({ key: decodePlus(key), value: decodePlus(value ?? '') }));
}

// Of multipart; a content of null is a file.
export function formField(key, content) {
  return content === null ? { key, value: '', type: 'file' } : { key, value: content, type: 'text' };
}

function decodePlus(text) {
  return decode(text.replaceAll('+', ' '));
}
