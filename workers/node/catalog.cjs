'use strict';
// What the modules `openpoly` and `polyapi` give to code: `poly`, `vari` and `polyCustom`. Paths are
// not known in advance; `poly.crm.contacts.get(1)` becomes a question to the host when it is called.

const { currentCall } = require('./call.cjs');
const { named } = require('./errors.cjs');

// Looked up by the language itself on any value (await, JSON.stringify): never part of a path.
const NOT_PATHS = new Set(['then', 'toJSON']);

// `ask(op, path, values)` returns a promise of the host's answer. `clientFunctions` maps a path to
// a client function that runs in this process: {language, run(values)}.
function createCatalog({ ask, clientFunctions, language }) {
  const poly = pathProxy('poly', '', (path, values) => {
    const client = clientFunctions.get(path);
    if (client === undefined) return ask('call', path, values);
    if (client.language === language) return client.run(values);
    throw named('WrongLanguage', `client function ${path} is ${client.language}: a ${language} function cannot run it`);
  });
  const vari = pathProxy('vari', '', (path, values) => callVariable(ask, path, values));
  const polyCustom = createPolyCustom();
  return { __esModule: true, default: poly, poly, vari, polyCustom };
}

function pathProxy(root, path, apply) {
  const children = new Map();
  const label = path === '' ? root : `${root}.${path}`;
  return new Proxy(() => {}, {
    get(_, key) {
      if (typeof key === 'symbol' || NOT_PATHS.has(key)) return undefined;
      let child = children.get(key);
      if (child === undefined) {
        child = pathProxy(root, path === '' ? key : `${path}.${key}`, apply);
        children.set(key, child);
      }
      return child;
    },
    set(_, key) {
      throw new TypeError(`${label}.${String(key)} cannot be set`);
    },
    apply(_, self, values) {
      if (path === '') throw new TypeError(`${root} is not a function: name one by its path`);
      return apply(path, values);
    },
  });
}

function callVariable(ask, fullPath, values) {
  const end = fullPath.lastIndexOf('.');
  const path = fullPath.slice(0, Math.max(end, 0));
  const method = fullPath.slice(end + 1);
  if (path !== '' && method === 'get') return ask('variable.get', path, []);
  if (path !== '' && method === 'update') return ask('variable.update', path, values.slice(0, 1));
  if (path !== '' && method === 'inject') return reference(path, values[0]);
  throw new TypeError(`vari.${fullPath} is not a function: a variable has get, update and inject`);
}

function reference(pathIdentifier, path) {
  const whole = { type: 'PolyVariable', pathIdentifier };
  return path === undefined || path === null || path === '' ? whole : { ...whole, path };
}

// One object for all code; each call sees its own values through it.
function createPolyCustom() {
  const values = () => currentCall()?.custom() ?? {};
  const ownValues = (key) => {
    const call = currentCall();
    if (call === undefined) throw new Error(`polyCustom.${String(key)} can be set only while a call is answered`);
    return call.custom();
  };
  return new Proxy({}, {
    get: (_, key) => values()[key],
    has: (_, key) => key in values(),
    ownKeys: () => Reflect.ownKeys(values()),
    getOwnPropertyDescriptor: (_, key) => {
      const descriptor = Object.getOwnPropertyDescriptor(values(), key);
      return descriptor && { ...descriptor, configurable: true };
    },
    set: (_, key, value) => Reflect.set(ownValues(key), key, value),
    deleteProperty: (_, key) => Reflect.deleteProperty(ownValues(key), key),
  });
}

module.exports = { createCatalog };
