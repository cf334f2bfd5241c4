// The body of a Postman request as spec::ApiBody; fields that are switched off are left out.
import { mergeBodies, textBody } from './bodies.mjs';
import { camelCase, hasHole, renameHoles } from './names.mjs';
import { isSensitive } from './sensitive.mjs';
import { textOf } from './shape.mjs';

const MEDIA_TYPES = {
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  text: 'text/plain',
  javascript: 'application/javascript',
};

export function postmanBody(body, headers, variables, remark) {
  if (!body || body.disabled === true) return { mode: 'empty' };
  const write = Object.hasOwn(writers, body.mode) ? writers[body.mode] : undefined;
  if (!write) {
    if (body.mode) remark(`its body of mode ${textOf(body.mode).slice(0, 40)} is left out`);
    return { mode: 'empty' };
  }
  return mergeBodies([write(body, headers, variables)]);
}

const writers = {
  raw(body, headers, variables) {
    const text = named(body.raw);
    if (text === '') return { mode: 'empty' };
    const declared = headers.find(({ key }) => key.toLowerCase() === 'content-type')?.value ?? '';
    const language = textOf(body.options?.raw?.language);
    const written = { ...textBody(text, declared || (language === 'text' ? '' : MEDIA_TYPES[language]) || '') };
    return hasHole(text) ? { ...written, raw: withSecretHoles(text, variables) } : written;
  },
  urlencoded: (body) => ({
    mode: 'urlencoded',
    urlencoded: fieldsOf(body.urlencoded).map(({ key, value }) => ({ key: named(key), value: named(value) })),
  }),
  formdata: (body) => ({ mode: 'formdata', formdata: fieldsOf(body.formdata).map(partOf) }),
  file: () => ({ mode: 'file' }),
  graphql(body) {
    const { query, variables, operationName } = body.graphql ?? {};
    const name = textOf(operationName) === '' ? '' : `"operationName":${JSON.stringify(operationName)},`;
    const written =
      typeof variables === 'string' ? variables.trim() : variables === undefined ? '' : JSON.stringify(variables);
    const raw = `{${name}"query":${JSON.stringify(textOf(query))}${written === '' ? '' : `,"variables":${written}`}}`;
    return { mode: 'raw', raw: named(raw), language: 'json' };
  },
};

function fieldsOf(list) {
  return list?.all ? list.all().filter(({ disabled, key }) => disabled !== true && textOf(key) !== '') : [];
}

function partOf({ key, value, type }) {
  return type === 'file'
    ? { key: named(key), value: '', type: 'file' }
    : { key: named(key), value: named(value), type: 'text' };
}

// A template keeps its other literals, so a credential that is written out in it becomes a variable of its own.
function withSecretHoles(text, variables) {
  return text.replace(/"((?:[^"\\]|\\.)*)"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g, (whole, key, colon, value) => {
    if (value === '' || hasHole(value) || !isSensitive(key, value)) return whole;
    return `"${key}"${colon}"${variables.add(camelCase(key), { secret: true })}"`;
  });
}

function named(text) {
  return renameHoles(textOf(text), camelCase);
}
