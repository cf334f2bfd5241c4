'use strict';
// Packages that code may use: each layer is a folder with a node_modules/, installed when the function was
// deployed. What a package itself needs is found beside it, by Node's own rules.

const fs = require('node:fs');
const path = require('node:path');
const { createRequire, isBuiltin } = require('node:module');
const { named } = require('./errors.cjs');

const CATALOG_MODULES = new Set(['openpoly', 'polyapi']);

// The `require` of code with these layers; the first that has a package gives it.
function requireOf({ catalog, layers }) {
  const requires = new Map(); // layer → require as from a file in it

  function requireFrom(layer) {
    if (!requires.has(layer)) requires.set(layer, createRequire(path.join(layer, 'function.cjs')));
    return requires.get(layer);
  }

  return function require(name) {
    if (CATALOG_MODULES.has(name)) return catalog;
    if (typeof name === 'string' && isBuiltin(name)) return process.getBuiltinModule(name);
    const wanted = packageOf(name);
    const layer = layers.find((each) => wanted !== undefined && fs.existsSync(path.join(each, 'node_modules', wanted)));
    if (layer !== undefined) return requireFrom(layer)(name);
    throw named('ModuleNotFound', wanted === undefined
      ? `module '${name}' is not available: a function is one file`
      : `the package '${wanted}' is not installed: add it to the requirements of the function and deploy it again`);
  };
}

// `@scope/name/part` is a part of the package `@scope/name`; files are of no package.
function packageOf(name) {
  const parts = String(name).split('/');
  const found = parts.slice(0, parts[0].startsWith('@') ? 2 : 1).join('/');
  return /^(@[\w~][\w.~-]*\/)?[\w~][\w.~-]*$/.test(found) ? found : undefined;
}

module.exports = { requireOf };
