// The operations of an OpenAPI 2.0 document, written so that its converter keeps all of them: bodies and forms that are
// shared or belong to a whole path stand in each operation, and media types that 2.0 leaves to the reader are said.
import { bareMediaType, isJsonType } from './bodies.mjs';
import { isObject, listOf } from './shape.mjs';

export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
export const PLACES = new Set(['query', 'header', 'path', 'formData', 'body']);

const MULTIPART = 'multipart/form-data';
const URLENCODED = 'application/x-www-form-urlencoded';
const BINARY = 'application/octet-stream';
const FORMATS = {
  query: ['csv', 'ssv', 'pipes', 'multi'],
  formData: ['csv', 'ssv', 'pipes', 'multi'],
  header: ['csv'],
  path: ['csv'],
};

// A new path item; what cannot be read is left out with a remark.
export function prepareItem(item, document, path, remarks) {
  const shared = resolvedParameters(item.parameters, document, (reason) => remarks.add('*', path, reason));
  const prepared = typeof item.$ref === 'string' ? { $ref: item.$ref } : {};
  const ofPath = shared.filter((parameter) => !isBody(parameter));
  if (ofPath.length > 0) prepared.parameters = ofPath;
  for (const method of METHODS) {
    if (item[method] === undefined) continue;
    const remark = (reason) => remarks.add(method.toUpperCase(), path, reason);
    if (isObject(item[method]))
      prepared[method] = prepareOperation(item[method], shared.filter(isBody), document, remark);
    else remark('it is not an object');
  }
  return prepared;
}

function prepareOperation(operation, shared, document, remark) {
  const own = resolvedParameters(operation.parameters, document, remark);
  const prepared = {
    ...operation,
    parameters: [...structuredClone(inherited(shared, own)), ...own],
    responses: preparedResponses(operation, document, remark),
  };
  for (const key of ['consumes', 'produces']) {
    if (operation[key] !== undefined) prepared[key] = listOf(operation[key]).filter((type) => typeof type === 'string');
    if (prepared[key]?.length === 0) delete prepared[key];
  }
  nameMediaTypes(prepared, document);
  return prepared;
}

// What an operation has of its path: all that it does not say itself.
function inherited(shared, own) {
  if (own.some((parameter) => parameter.in === 'body')) return [];
  return shared.filter(
    (parameter) => !own.some(({ name, in: place }) => name === parameter.name && place === parameter.in),
  );
}

function resolvedParameters(list, document, remark) {
  if (list !== undefined && !Array.isArray(list)) remark('its parameters are not a list');
  const resolved = [];
  for (const parameter of listOf(list)) {
    const target = isObject(parameter) ? targetOf(parameter, document.parameters, '#/parameters/') : undefined;
    if (!isObject(target)) remark('a parameter is not an object');
    else if (typeof target.$ref === 'string') resolved.push({ $ref: target.$ref });
    else if (!PLACES.has(target.in) || (target.in !== 'body' && typeof target.name !== 'string'))
      remark('a parameter lacks its name or place');
    else if (target !== parameter && !isBody(target)) resolved.push({ $ref: parameter.$ref });
    else resolved.push(prepareParameter(target === parameter ? parameter : structuredClone(target), remark));
  }
  return resolved;
}

// The shared thing that a reference means, or the thing itself.
function targetOf(value, shared, prefix) {
  if (typeof value.$ref !== 'string' || !value.$ref.startsWith(prefix)) return value;
  const name = value.$ref.slice(prefix.length).replaceAll('~1', '/').replaceAll('~0', '~');
  return isObject(shared) && Object.hasOwn(shared, name) ? shared[name] : value;
}

function isBody(parameter) {
  return parameter.in === 'body' || parameter.in === 'formData';
}

// Arrays are written with commas unless said otherwise; OpenAPI 3 has another default.
export function prepareParameter(parameter, remark) {
  if (parameter.type !== 'array') return parameter;
  parameter.collectionFormat ??= 'csv';
  const known = FORMATS[parameter.in];
  if (known && !known.includes(parameter.collectionFormat))
    remark(
      `the collectionFormat ${String(parameter.collectionFormat).slice(0, 20)} of '${parameter.name}' is not carried`,
    );
  return parameter;
}

// Shared responses have the media types of the document: one that this operation answers otherwise is its own.
function preparedResponses(operation, document, remark) {
  if (operation.responses !== undefined && !isObject(operation.responses)) remark('its responses are not an object');
  const prepared = {};
  for (const [status, response] of Object.entries(isObject(operation.responses) ? operation.responses : {})) {
    if (status.startsWith('x-')) continue;
    if (!isObject(response)) {
      remark(`its response ${status} is not an object`);
      continue;
    }
    const target = targetOf(response, document.responses, '#/responses/');
    const differs = isObject(target) && (operation.produces !== undefined || target.schema?.type === 'file');
    prepared[status] = differs ? structuredClone(target) : response;
    if (!isObject(prepared[status].headers)) delete prepared[status].headers;
  }
  return prepared;
}

function nameMediaTypes(operation, document) {
  const fields = operation.parameters.filter((parameter) => parameter.in === 'formData');
  const consumed = operation.consumes ?? document.consumes ?? [];
  if (fields.some(({ type }) => type === 'file')) operation.consumes = [MULTIPART];
  else if (fields.length > 0 && !consumed.includes(MULTIPART) && !consumed.includes(URLENCODED))
    operation.consumes = [URLENCODED];
  const produced = operation.produces ?? document.produces ?? [];
  for (const response of Object.values(operation.responses)) {
    if (response.schema?.type === 'file') giveFile(response, produced);
  }
}

// A file is no JSON, whatever else the operation answers in.
function giveFile(response, produced) {
  const types = produced.filter((type) => !isJsonType(bareMediaType(type)));
  const content = (types.length > 0 ? types : [BINARY]).map((type) => [
    type,
    { schema: { type: 'string', format: 'binary' } },
  ]);
  response.content = Object.fromEntries(content);
  delete response.schema;
}
