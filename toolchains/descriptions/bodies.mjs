// Bodies that were recorded for one request become one example, which has the members of all of them.
import { hasHole } from './names.mjs';
import { REDACTED, isSensitive, withoutCredentials } from './sensitive.mjs';
import { isObject } from './shape.mjs';

export function mergeBodies(bodies) {
  if (bodies.length === 0) return { mode: 'empty' };
  const [first] = bodies;
  const alike = bodies.filter(({ mode, language }) => mode === first.mode && language === first.language);
  if (first.mode === 'raw')
    return {
      ...first,
      raw: mergeTexts(
        alike.map(({ raw }) => raw),
        first.language,
      ),
    };
  if (first.mode === 'urlencoded' || first.mode === 'formdata')
    return { ...first, [first.mode]: mergeFields(alike.flatMap((body) => body[first.mode])) };
  return first;
}

function mergeTexts(texts, language) {
  if (language !== 'json') return texts[0];
  let merged;
  try {
    merged = JSON.parse(texts[0]);
  } catch {
    return texts[0]; // a template
  }
  for (const text of texts.slice(1)) {
    try {
      merged = mergeExamples(merged, JSON.parse(text));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return withoutCredentials(texts.length === 1 ? texts[0] : JSON.stringify(merged));
}

function mergeExamples(one, other) {
  if (one === null) return other;
  if (!isObject(one) || !isObject(other)) return one;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const merged = Array.from(keys, (key) => {
    if (!Object.hasOwn(one, key)) return [key, other[key]];
    return [key, Object.hasOwn(other, key) ? mergeExamples(one[key], other[key]) : one[key]];
  });
  return Object.fromEntries(merged);
}

function mergeFields(fields) {
  const merged = new Map();
  for (const field of fields) {
    if (merged.has(field.key)) continue;
    const isCredential = !hasHole(field.value) && isSensitive(field.key, field.value);
    merged.set(field.key, isCredential ? { ...field, value: REDACTED } : field);
  }
  return [...merged.values()];
}

// Text of a body as spec::ApiBody; `mimeType` may be empty, then the text's looks decide.
export function textBody(text, mimeType) {
  return { mode: 'raw', raw: text, language: languageOf(text, bareMediaType(mimeType)) };
}

export function bareMediaType(mimeType) {
  return mimeType.split(';')[0].trim().toLowerCase();
}

export function isJsonType(mediaType) {
  return mediaType === 'text/json' || /^application\/(?:[\w.+-]+\+)?(?:json|x-json)$/.test(mediaType);
}

export function isXmlType(mediaType) {
  return mediaType === 'text/xml' || /^application\/(?:[\w.+-]+\+)?xml$/.test(mediaType);
}

function languageOf(text, mediaType) {
  if (isJsonType(mediaType)) return 'json';
  if (isXmlType(mediaType)) return 'xml';
  if (mediaType === 'text/html') return 'html';
  if (mediaType !== '' && mediaType !== 'text/plain') return 'text';
  const start = text.trimStart()[0];
  if (start === '{' || start === '[') return 'json';
  return start === '<' && mediaType === '' ? 'xml' : 'text';
}
