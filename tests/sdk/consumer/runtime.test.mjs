// The generated package runs for real, against an HTTP server that notes what it is asked. Loaded from a
// project folder that holds the package in its node_modules, so its own resolution is under test too.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, before, beforeEach, test } from 'node:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import poly, { vari, PolyError, schemas, polyCustom } from 'openpoly';
import samePoly, { vari as sameVari } from 'polyapi';

const key = 'aaaaaaaa-0000-4000-8000-000000000000';
const clientId = 'c0ffee00-0000-4000-8000-000000000000';
let requests = [];
let answer;

const server = createServer(async (request, response) => {
  const chunks = await Array.fromAsync(request);
  const { method, url, headers } = request;
  const text = Buffer.concat(chunks).toString();
  requests.push({ method, url, headers, port: request.socket.remotePort, body: text && JSON.parse(text) });
  const { status = 201, type = 'application/json', body = '', extra = {} } = answer;
  response.writeHead(status, { 'content-type': type, ...extra }).end(body);
});

before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  process.env.POLY_API_BASE_URL = `http://127.0.0.1:${server.address().port}/`;
  process.env.POLY_API_KEY = key;
  requests = [];
  answer = {};
});

after(() => server.close());

function json(value, rest = {}) {
  return { body: JSON.stringify(value), ...rest };
}

test('an API function posts its arguments by name and resolves status, data, headers and metrics', async () => {
  const reply = { status: 200, data: { id: 7, name: 'Ada' }, headers: { 'content-type': 'application/json' } };
  answer = json(reply, { extra: { 'x-poly-execution-duration': '0' } });

  const { metrics, ...result } = await poly.crm.contacts.get('7', ['name']);

  assert.deepEqual(result, reply);
  assert.equal(metrics.serverExecutionTimeMs, 0);
  assert.ok(metrics.roundTripNetworkLatencyMs >= 0);
  const [{ method, url, headers, body }] = requests;
  assert.equal(method, 'POST');
  assert.equal(url, `/functions/api/11111111-0000-4000-8000-000000000001/execute?clientId=${clientId}`);
  assert.equal(headers.authorization, `Bearer ${key}`);
  assert.equal(headers['content-type'], 'application/json');
  assert.deepEqual(body, { id: '7', fields: ['name'] });
});

test('argument names that are no identifiers reach the server as they are, absent ones do not', async () => {
  answer = json({ status: 204, headers: {} });
  await poly.crm.contacts.update('7', { name: 'Ada', age: undefined });
  assert.deepEqual(requests[0].body, { 'contact-id': '7', payload: { name: 'Ada' } });
});

test('a failed API call resolves with its status; a refusal of the server too', async () => {
  answer = json({ status: 404, data: 'no such contact', headers: {} });
  assert.equal((await poly.crm.contacts.get('8')).status, 404);

  answer = json({ statusCode: 403, message: 'Forbidden' }, { status: 403 });
  const refused = await poly.crm.contacts.get('8');
  assert.equal(refused.status, 403);
  assert.deepEqual(refused.data, { statusCode: 403, message: 'Forbidden' });
  assert.deepEqual(refused.metrics, {});
});

test('a server function resolves what it returns: JSON, text or nothing', async () => {
  answer = json(['a', 'b']);
  assert.deepEqual(await poly.crm.contacts(2, 'asc'), ['a', 'b']);
  assert.equal(requests[0].url, `/functions/server/22222222-0000-4000-8000-000000000001/execute?clientId=${clientId}`);
  assert.deepEqual(requests[0].body, { limit: 2, order: 'asc' });

  answer = { body: '12', type: 'text/html; charset=utf-8' };
  assert.equal(await poly.ping(), '12');
  assert.deepEqual(requests[1].body, {});

  answer = { body: 'plain', type: 'application/json' };
  assert.equal(await poly.ping(), 'plain');

  answer = {};
  assert.equal(await poly.ping(), undefined);
});

test('bytes of another type stay bytes', async () => {
  answer = { body: Buffer.from([1, 255]), type: 'application/pdf' };
  assert.deepEqual(await poly.ping(), new Uint8Array([1, 255]));
});

test('a failed server function rejects with the status and the reasons of the server', async () => {
  answer = json({ statusCode: 400, message: ['limit: expected number', 'order: is missing'], code: 'BAD' }, { status: 400 });
  await assert.rejects(poly.crm.contacts('x'), (error) => {
    assert.ok(error instanceof PolyError);
    assert.equal(error.statusCode, 400);
    assert.equal(error.code, 'BAD');
    assert.equal(error.message, 'poly.crm.contacts failed with status 400: limit: expected number; order: is missing');
    return true;
  });
});

test('no answer at all rejects and says where it was looked for', async () => {
  const closed = createServer();
  await new Promise((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address();
  await new Promise((resolve) => closed.close(resolve));
  process.env.POLY_API_BASE_URL = `http://127.0.0.1:${port}`;
  const message = `poly.ping got no answer from http://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`;
  await assert.rejects(poly.ping(), { name: 'PolyError', statusCode: 0, message });
});

test('connections are kept', async () => {
  answer = json(1);
  for (let i = 0; i < 20; ++i) await poly.ping();
  // A second one is opened when a call comes before the last answer has let go of the first.
  assert.ok(new Set(requests.map(({ port }) => port)).size <= 2);
});

test('a function without known arguments refuses to guess them', async () => {
  answer = json('done');
  assert.equal(await poly.legacy.untyped(), 'done');
  await assert.rejects(poly.legacy.untyped(1), /names of its arguments are not known/);
});

test('client functions run here, and the catalog inside of them is this one', async () => {
  assert.equal(poly.text.initials('Ada Lovelace'), 'AL');
  assert.equal(requests.length, 0);
  answer = json({ status: 200, data: { name: 'Grace Hopper' }, headers: {} });
  assert.equal(await poly.text.describe('7'), 'GH 200');
  assert.deepEqual(requests[0].body, { id: '7' });
});

test('listening to a webhook says that it is not built', () => {
  assert.throws(() => poly.crm.onContact(() => {}), { statusCode: 501, message: /listening to webhooks from the SDK is not built yet/ });
});

test('a variable is read, updated and handed on by reference', async () => {
  answer = json({ pageSize: 50 }, { status: 200 });
  assert.deepEqual(await vari.crm.settings.get(), { pageSize: 50 });
  assert.deepEqual([requests[0].method, requests[0].url], ['GET', '/variables/55555555-0000-4000-8000-000000000001/value']);

  const updated = await vari.crm.settings.update({ pageSize: 1 });
  assert.equal(updated.status, 200);
  assert.deepEqual([requests[1].method, requests[1].url], ['PATCH', '/variables/55555555-0000-4000-8000-000000000001']);
  assert.deepEqual(requests[1].body, { value: { pageSize: 1 } });

  const id = '55555555-0000-4000-8000-000000000002';
  assert.deepEqual(vari.crm.token.inject(), { type: 'PolyVariable', id });
  assert.deepEqual(vari.crm.token.inject('a.b[0]'), { type: 'PolyVariable', id, path: 'a.b[0]' });
});

test('a secret cannot be read, and a refused variable rejects', async () => {
  await assert.rejects(vari.crm.token.get(), { statusCode: 403, message: /vari\.crm\.token is secret/ });
  assert.equal(requests.length, 0);
  answer = json({ statusCode: 404, message: 'Not found' }, { status: 404 });
  await assert.rejects(vari.crm.settings.get(), { statusCode: 404 });
});

test('openpoly and polyapi, import and require, are one module', () => {
  const require = createRequire(import.meta.url);
  const required = require('openpoly');
  assert.equal(required.default, poly);
  assert.equal(required.poly, poly);
  assert.equal(require('polyapi'), required);
  assert.equal(samePoly, poly);
  assert.equal(sameVari, vari);
  assert.deepEqual([schemas, polyCustom], [{}, {}]);
});

test('without a key in the environment, the stored one goes to the server it was stored for and to no other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'openpoly-sdk-'));
  const other = new URL('../other', process.env.POLY_API_BASE_URL).href;
  try {
    delete process.env.POLY_API_KEY;
    process.env.XDG_CONFIG_HOME = folder;
    mkdirSync(join(folder, 'openpoly'));
    const baseUrl = process.env.POLY_API_BASE_URL;
    writeFileSync(join(folder, 'openpoly/config.toml'), `# poly login\napi_base_url = "${baseUrl}"\napi_key = "stored-key"\n`);
    answer = json('pong');
    assert.equal(await poly.ping(), 'pong');
    assert.equal(requests[0].headers.authorization, 'Bearer stored-key');

    process.env.POLY_API_BASE_URL = other;
    await assert.rejects(poly.ping(), /^PolyError: No key for .*\/other: set POLY_API_KEY or run `poly login`/);
    assert.equal(requests.length, 1);
  } finally {
    delete process.env.XDG_CONFIG_HOME;
    rmSync(folder, { recursive: true });
  }
});
