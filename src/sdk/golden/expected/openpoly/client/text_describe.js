// Client function text.describe.
exports.require = require;
exports.name = "describe";
exports.run = function (exports, require, module) {
"use strict";
Object.defineProperty(exports, '__esModule', { value: true });
const openpoly = require('openpoly');
const polyapi = require('polyapi');
async function describe(id) {
  const contact = await openpoly.default.crm.contacts.get(id);
  return `${polyapi.default.text.initials(contact.data.name)} ${contact.status}`;
}
exports.describe = describe;
;return typeof describe === 'undefined' ? undefined : describe;
};
