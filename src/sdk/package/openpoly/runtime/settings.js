'use strict';
// Where calls go and with which key. The environment decides; what it leaves open comes from the server
// that this package was made for and from the configuration of the `poly` command. No key is ever
// written into this package.

const defaults = require('../defaults.json');
const { PolyError } = require('./errors.js');

// Read again for each call, so that a program may set them after loading this module.
function settings() {
  const environment = globalThis.process?.env ?? {};
  const baseUrl = withoutEndingSlash(environment.POLY_API_BASE_URL || defaults.baseUrl);
  if (!baseUrl) {
    throw new PolyError('No server to call: set POLY_API_BASE_URL or run `poly generate` again');
  }
  const apiKey = environment.POLY_API_KEY || keyFromConfiguration(baseUrl, environment);
  if (!apiKey) {
    throw new PolyError(`No key for ${baseUrl}: set POLY_API_KEY or run \`poly login\``);
  }
  return { baseUrl, apiKey, clientId: defaults.clientId };
}

let configuration;

// A key goes only to the server that it was stored for.
function keyFromConfiguration(baseUrl, environment) {
  configuration ??= readConfiguration(environment);
  return withoutEndingSlash(configuration.baseUrl) === baseUrl ? configuration.apiKey : undefined;
}

function readConfiguration(environment) {
  const fs = globalThis.process?.getBuiltinModule?.('node:fs');
  const folder = environment.XDG_CONFIG_HOME || (environment.HOME && `${environment.HOME}/.config`);
  const file = `${folder}/openpoly/config.toml`;
  if (!fs || !folder || !fs.existsSync(file)) return {};
  const text = fs.readFileSync(file, 'utf8');
  return { baseUrl: textSetting(text, 'api_base_url'), apiKey: textSetting(text, 'api_key') };
}

// One `key = "text"` line; URLs and keys hold nothing that TOML would escape.
function textSetting(text, key) {
  return text.match(new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*["']([^"'\\\\]*)["']`, 'm'))?.[1];
}

function withoutEndingSlash(url) {
  return url?.replace(/\/+$/, '');
}

module.exports = { settings };
