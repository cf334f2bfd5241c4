'use strict';
// The catalog of an environment: `poly` calls its functions, `vari` reads and hands on its variables.

const catalog = require('./catalog.json');
const { PolyError } = require('./runtime/errors.js');
const { createPoly } = require('./runtime/functions.js');
const { createVari } = require('./runtime/variables.js');

const sdk = module.exports;
Object.defineProperty(sdk, '__esModule', { value: true });

sdk.poly = createPoly(catalog.functions, {
  sdk,
  // Kept as a call with a plain path, so that bundlers can follow it.
  loadClientFunction: (file) => require(`./client/${file}.js`),
});
sdk.default = sdk.poly;
sdk.vari = createVari(catalog.variables);
sdk.polyCustom = {};
sdk.schemas = {};
sdk.PolyError = PolyError;
