'use strict';
// The callable tree `poly`, made from the table of the catalog:
// [kind, path, id, argumentNames] where the names are null when they are not known.

const { PolyError, errorOfAnswer } = require('./errors.js');
const { loadClientFunction } = require('./client-functions.js');
const { pathTree } = require('./path-tree.js');
const { send, succeeded } = require('./http.js');
const defaults = require('../defaults.json');

const makers = { api: apiFunction, server: serverFunction, client: clientFunction, webhook };

function createPoly(functions, host) {
  return pathTree(
    functions.map(([kind, path, id, argumentNames]) => [path, makers[kind]({ path, id, argumentNames, host })]),
  );
}

// Resolves whatever the API answered, errors included; a refusal of the server has the same shape.
function apiFunction({ path, id, argumentNames }) {
  return async (...values) => {
    const answer = await execute('api', path, id, keyed(path, argumentNames, values));
    if (!succeeded(answer)) {
      return { status: answer.status, data: answer.body, headers: answer.headers, metrics: {} };
    }
    return { ...answer.body, metrics: metricsOf(answer) };
  };
}

function serverFunction({ path, id, argumentNames }) {
  return async (...values) => {
    const answer = await execute('server', path, id, keyed(path, argumentNames, values));
    if (!succeeded(answer)) throw errorOfAnswer(`poly.${path}`, answer);
    return answer.body;
  };
}

// Runs here; its code is loaded by the first call.
function clientFunction({ path, id, host }) {
  let run;
  return (...values) => {
    run ??= loadClientFunction(path, host.loadClientFunction(id), host.sdk);
    return run(...values);
  };
}

function webhook({ path }) {
  return () => {
    throw new PolyError(
      `poly.${path}: listening to webhooks from the SDK is not built yet; bind the webhook to a server function with a trigger`,
      { statusCode: 501 },
    );
  };
}

function execute(kind, path, id, content) {
  const query = defaults.clientId ? { clientId: defaults.clientId } : {};
  return send(`poly.${path}`, 'POST', `/functions/${kind}/${encodeURIComponent(id)}/execute`, { content, query });
}

// Positional arguments as the object that the server wants. What is undefined or too much is left out, so
// that `ids.map(poly.crm.contacts.get)` works.
function keyed(path, names, values) {
  if (names === null && values.length > 0) {
    throw new PolyError(`poly.${path}: the names of its arguments are not known; run \`poly generate\` with types`);
  }
  return Object.fromEntries((names ?? []).map((name, index) => [name, values[index]]));
}

function metricsOf({ headers, roundTripMs }) {
  const serverExecutionTimeMs = Number(headers['x-poly-execution-duration']);
  if (!Number.isFinite(serverExecutionTimeMs)) return { roundTripNetworkLatencyMs: roundTripMs };
  return { roundTripNetworkLatencyMs: Math.max(0, roundTripMs - serverExecutionTimeMs), serverExecutionTimeMs };
}

module.exports = { createPoly };
