// OpenAPI 2.0 becomes 3.0 by a converter. `swagger-operation.mjs` sets right before what the converter would lose.
import { upgradeFromTwoToThree } from '@scalar/openapi-upgrader/2.0-to-3.0';
import { Fault } from './fault.mjs';
import { isObject, listOf, textOf } from './shape.mjs';
import { METHODS, PLACES, prepareItem, prepareParameter } from './swagger-operation.mjs';

// Gives a new document; `document` is used up.
export function upgrade(document, remarks) {
  const schemes = prepare(document, remarks);
  const { host, basePath } = document;
  let upgraded;
  try {
    upgraded = upgradeFromTwoToThree(document);
  } catch (error) {
    throw new Fault(`it cannot be converted from OpenAPI 2.0: ${error.message}`);
  }
  for (const { path, method, own } of schemes) {
    upgraded.paths[path][method].servers = own.map((scheme) => ({
      url: `${scheme}://${textOf(host)}${textOf(basePath)}`,
    }));
  }
  return upgraded;
}

// Gives the schemes of operations that have some of their own.
function prepare(document, remarks) {
  document.schemes = secureFirst(document.schemes);
  if (document.schemes.length === 0) delete document.schemes;
  for (const key of ['host', 'basePath']) {
    if (typeof document[key] !== 'string') delete document[key];
  }
  for (const key of ['consumes', 'produces']) {
    if (document[key] !== undefined) document[key] = listOf(document[key]).filter((item) => typeof item === 'string');
    if (document[key]?.length === 0) delete document[key];
  }
  for (const key of ['definitions', 'parameters', 'responses', 'securityDefinitions'])
    keepObjects(document, key, remarks);
  prepareShared(document, remarks);
  if (!isObject(document.paths)) document.paths = {};
  keepObjects(document, 'paths', remarks);
  const schemes = [];
  for (const [path, item] of Object.entries(document.paths)) {
    document.paths[path] = prepareItem(item, document, path, remarks);
    for (const method of METHODS) {
      const operation = document.paths[path][method];
      const own = secureFirst(operation?.schemes);
      if (own.length > 0 && document.host !== undefined) schemes.push({ path, method, own });
      if (operation) delete operation.schemes;
    }
  }
  return schemes;
}

function prepareShared(document, remarks) {
  for (const [name, parameter] of Object.entries(document.parameters ?? {})) {
    if (typeof parameter.$ref === 'string') continue;
    if (PLACES.has(parameter.in))
      prepareParameter(parameter, (reason) => remarks.add('*', `parameters/${name}`, reason));
    else delete document.parameters[name];
  }
}

function secureFirst(schemes) {
  const known = listOf(schemes).filter((scheme) => scheme === 'https' || scheme === 'http');
  return known.sort((one, other) => other.length - one.length);
}

function keepObjects(document, key, remarks) {
  if (document[key] === undefined) return;
  if (!isObject(document[key])) {
    remarks.add('*', key, 'it is not an object');
    delete document[key];
    return;
  }
  for (const [name, value] of Object.entries(document[key])) {
    if (isObject(value)) continue;
    if (!name.startsWith('x-')) remarks.add('*', key === 'paths' ? name : `${key}/${name}`, 'it is not an object');
    delete document[key][name];
  }
}
