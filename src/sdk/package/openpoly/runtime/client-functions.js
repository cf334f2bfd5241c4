'use strict';
// Client functions run in this process. Each is a file that wraps the CommonJS code of its author.

const { PolyError } = require('./errors.js');

const catalogModules = new Set(['openpoly', 'polyapi']);

// The function of a `client/*.js` file: {name, run(exports, require, module), require}. Inside of it
// both names of the SDK mean this very package.
function loadClientFunction(path, { name, run, require: requirePackage }, sdk) {
  const module = { exports: {} };
  const require = (id) => (catalogModules.has(id) ? sdk : requirePackage(id));
  const declared = run.call(module.exports, module.exports, require, module);
  const { exports } = module;
  const candidates = [exports?.[name], exports?.default, declared, exports];
  const found = candidates.find((candidate) => typeof candidate === 'function');
  if (!found) throw new PolyError(`poly.${path}: its code has no function named "${name}"`);
  return found;
}

module.exports = { loadClientFunction };
