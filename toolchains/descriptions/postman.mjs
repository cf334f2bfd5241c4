// A Postman collection (2.1, and 2.0) becomes requests: `{"title", "requests", "warnings"}` of README.md. What a
// request inherits from its folders is worked out by Postman's own reader.
import postman from 'postman-collection';
import { takeCredentials } from './credentials.mjs';
import { Fault } from './fault.mjs';
import { parseJson } from './json-text.mjs';
import { LIMITS } from './limits.mjs';
import { decode, writeQuery } from './location.mjs';
import { camelCase, hasHole, hole, holesOf, renameHoles } from './names.mjs';
import { postmanAuth } from './postman-auth.mjs';
import { postmanBody } from './postman-body.mjs';
import { knownVariables } from './postman-variables.mjs';
import { Remarks } from './remarks.mjs';
import { Samples } from './samples.mjs';
import { REDACTED, isSensitiveInQuery } from './sensitive.mjs';
import { isObject, textOf } from './shape.mjs';
import { Variables } from './variables.mjs';

const SCHEMA = /\/collection\/v2\.[01]\.\d+\//;

export function read(files, entry) {
  const source = parseJson(files.get(entry), LIMITS.depth);
  check(source);
  const remarks = new Remarks();
  const collection = collectionOf(source);
  const reader = { known: knownVariables(source, collection), samples: new Samples(), remarks };
  const requests = [];
  collection.forEachItem((item) => {
    if (requests.length === LIMITS.entries) throw new Fault(`the collection has more than ${LIMITS.entries} requests`);
    try {
      requests.push(requestOf(item, reader));
    } catch (error) {
      // Postman's reader trusts the shape of what it is given.
      if (!(error instanceof TypeError)) throw error;
      remarks.add('*', placeOf(item), `it cannot be read: ${error.message}`);
    }
  });
  return { title: textOf(collection.name) || 'collection', requests, warnings: remarks.list() };
}

function check(source) {
  const schema = textOf(source?.info?.schema);
  if (!isObject(source) || !isObject(source.info) || !Array.isArray(source.item)) {
    throw new Fault('it is no collection of Postman: `info` and a list `item` must be there');
  }
  if (!SCHEMA.test(schema))
    throw new Fault(`info.schema: collections of version 2.0 and 2.1 are read, this one says '${schema}'`);
}

function collectionOf(source) {
  try {
    return new postman.Collection(source);
  } catch (error) {
    throw new Fault(`Postman's reader refuses it: ${error.message}`);
  }
}

function placeOf(item) {
  return [...groupOf(item), textOf(item.name)].join('/');
}

function requestOf(item, { known, samples, remarks }) {
  const { request } = item;
  const method = (textOf(request.method) || 'GET').toUpperCase();
  const remark = (reason) => remarks.add(method, placeOf(item), reason);
  const variables = new Variables();
  const given = postmanAuth(item.getAuth(), variables, remark);
  const written = enabled(request.headers).map(({ key, value }) => ({ key: textOf(key), value: named(textOf(value)) }));
  const { auth, headers } = takeCredentials(
    written.filter(({ key }) => key !== ''),
    variables,
    remark,
    given,
  );
  const url = urlOf(request.url, variables);
  const body = postmanBody(request.body, headers, variables, remark);
  describeHoles(JSON.stringify([url, headers, auth, body]), known, variables);
  return {
    name: textOf(item.name),
    group: groupOf(item),
    description: descriptionOf(request),
    method,
    url,
    headers,
    auth,
    body,
    variables,
    samples: samples.of(answersOf(item), remark),
  };
}

function groupOf(item) {
  const names = [];
  item.forEachParent((folder) => names.unshift(textOf(folder.name)));
  return names;
}

function urlOf(url, variables) {
  const scheme = textOf(url.protocol);
  const host = named(textOf(url.getHost()));
  const port = url.port === undefined ? '' : `:${named(textOf(url.port))}`;
  const path = textOf(url.getPath({ unresolved: true }))
    .split('/')
    .map((segment) => segmentOf(segment, url, variables));
  const query = enabled(url.query).map(({ key, value, description }) => {
    const text = named(textOf(value));
    const [name] = holesOf(text);
    if (text === hole(name) && description) variables.describe(name, { description: textIn(description) });
    const isCredential = !hasHole(text) && isSensitiveInQuery(textOf(key), decode(text));
    return {
      key: writable(named(textOf(key))),
      value: value === null ? null : isCredential ? REDACTED : writable(text),
    };
  });
  return `${scheme ? `${scheme}://` : ''}${host}${port}${writable(path.join('/'))}${writeQuery(query.filter(({ key }) => key !== ''))}`;
}

// `:id` is a variable of the path; when its value is a template that one stands for it.
function segmentOf(segment, url, variables) {
  if (!/^:./.test(segment)) return named(segment);
  const variable = url.variables.one(segment.slice(1));
  const value = named(textOf(variable?.value));
  if (hasHole(value)) return value;
  const name = camelCase(segment);
  variables.describe(name, value === '' ? {} : { value });
  if (variable?.description) variables.describe(name, { description: textIn(variable.description) });
  return hole(name);
}

// What the collection knows of the variables in `text`, and of those that their values have.
function describeHoles(text, known, variables) {
  const open = holesOf(text);
  const seen = new Set();
  while (open.length > 0) {
    const name = open.pop();
    if (seen.has(name)) continue;
    seen.add(name);
    const fields = known.get(name) ?? {};
    variables.describe(name, fields);
    open.push(...holesOf(fields.value ?? ''));
  }
}

function answersOf(item) {
  return item.responses
    .all()
    .filter(({ code }) => Number.isInteger(code))
    .map((response) => ({
      status: response.code,
      headers: Object.fromEntries(
        enabled(response.headers).map(({ key, value }) => [textOf(key).toLowerCase(), textOf(value)]),
      ),
      body: textOf(response.body),
    }));
}

function descriptionOf({ description }) {
  return description ? textIn(description) : '';
}

function textIn(description) {
  return textOf(typeof description === 'string' ? description : description.content);
}

function enabled(list) {
  return (list?.all() ?? []).filter(({ disabled }) => disabled !== true);
}

function named(text) {
  return renameHoles(text, camelCase);
}

// A URL has no blanks and quotes.
function writable(text) {
  return text.replace(/[\s"<>#\\^`|]/g, encodeURIComponent);
}
