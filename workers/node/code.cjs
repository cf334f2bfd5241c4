'use strict';
// Text of a CommonJS module in, the function it is about out.

const vm = require('node:vm');
const { named } = require('./errors.cjs');
const { requireOf } = require('./packages.cjs');
const { rememberSource } = require('./sources.cjs');

// The code is made to end with the value of its top-level function of that name, so that a function
// need not be exported; `layers` are the folders of its packages. Throws whatever the module throws while it runs.
function compile({ code, path, name, catalog, layers = [] }) {
  rememberSource(path, code);
  const ending = isIdentifier(name) ? `\n;return typeof ${name} === "undefined" ? undefined : ${name};` : '';
  const run = vm.compileFunction(code + ending, ['exports', 'require', 'module', '__filename', '__dirname'], {
    filename: path,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  const declared = run.call(module.exports, module.exports, requireOf({ catalog, layers }), module, path, '.');
  return chosenFunction(module.exports, name, declared);
}

function chosenFunction(exported, name, declared) {
  const isGlobal = declared === globalThis[name];
  const candidates = [exported?.[name], exported?.default, isGlobal ? undefined : declared, exported];
  const chosen = candidates.find((candidate) => typeof candidate === 'function');
  if (chosen) return chosen;
  const names = Object.keys(exported ?? {}).filter((key) => typeof exported[key] === 'function');
  const others = names.length > 0 ? `it exports ${names.join(', ')}` : 'it exports no function';
  throw named('FunctionNotFound', `the code has no function named "${name}"; ${others}`);
}

function isIdentifier(name) {
  try {
    new vm.Script(`typeof ${name}`);
    // Most names are ASCII, for which the engine need not build the tables of Unicode.
    return /^[A-Za-z$_][\w$]*$/.test(name) || /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
  } catch {
    return false; // a reserved word: nothing can be declared under it
  }
}

module.exports = { compile };
