// An HTTP(S) server that behaves badly on demand, so that tests can show what OpenPoly makes of bad upstreams.
//
// Each route is one kind of trouble; `/echo` is the well-behaved one and says what arrived.
//
//   node misbehaving.cjs [--port 0] [--tls --cert cert.pem --key key.pem]
//
// Prints `ready http://127.0.0.1:PORT` when it answers, and ends on SIGTERM.
'use strict';

const http = require('node:http');
const https = require('node:https');
const { readFileSync } = require('node:fs');
const { gzipSync } = require('node:zlib');
const { parseArgs } = require('node:util');

const HUGE_BYTES_DEFAULT = 16 * 1024 * 1024;
const HUGE_CHUNK_BYTES = 64 * 1024;
const SLOW_MILLISECONDS_DEFAULT = 1000;
const HEADER_COUNT_DEFAULT = 100;
// Node's own limit on incoming headers must not stand before the limit under test.
const HEADER_BYTES_MAX = 1024 * 1024;

class BadQuery extends Error {}

function numberFrom(url, name, fallback) {
  const text = url.searchParams.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new BadQuery(`${name}: expected a whole number from 0, got '${text}'`);
  }
  return value;
}

function sendJson(response, status, value) {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function send(response, contentType, body) {
  response.writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function queryOf(url) {
  const query = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name);
    query[name] = values.length === 1 ? values[0] : values;
  }
  return query;
}

async function echo(request, response, url) {
  sendJson(response, 200, {
    method: request.method,
    path: url.pathname,
    rawUrl: request.url,
    query: queryOf(url),
    headers: request.headers,
    body: await readBody(request),
  });
}

function status(_request, response, url) {
  const code = Number(url.pathname.slice('/status/'.length));
  if (!Number.isInteger(code) || code < 200 || code > 599) {
    throw new BadQuery('/status/:n: expected a number from 200 to 599');
  }
  if (code === 204 || code === 304) return response.writeHead(code).end();
  sendJson(response, code, { status: code });
}

function slow(_request, response, url) {
  const milliseconds = numberFrom(url, 'ms', SLOW_MILLISECONDS_DEFAULT);
  const timer = setTimeout(() => sendJson(response, 200, { waited: milliseconds }), milliseconds);
  response.on('close', () => clearTimeout(timer));
}

function closeMidBody(_request, response) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
  response.write('{"promised":"a thousand bytes', () => response.socket.end());
}

function reset(request) {
  const socket = request.socket;
  if (socket.resetAndDestroy && !socket.encrypted) socket.resetAndDestroy();
  else socket.destroy();
}

async function huge(_request, response, url) {
  let left = numberFrom(url, 'bytes', HUGE_BYTES_DEFAULT);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': left });
  const chunk = Buffer.alloc(HUGE_CHUNK_BYTES, 'x');
  while (left > 0 && !response.destroyed) {
    const size = Math.min(left, chunk.length);
    left -= size;
    if (!response.write(chunk.subarray(0, size))) await drained(response);
  }
  response.end();
}

function drained(response) {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

function redirect(_request, response, url) {
  const code = numberFrom(url, 'status', 302);
  if (code < 300 || code > 399) throw new BadQuery('status: expected a number from 300 to 399');
  response.writeHead(code, { location: url.searchParams.get('to') ?? '/echo', 'content-length': 0 }).end();
}

function redirectLoop(_request, response, url) {
  const turn = numberFrom(url, 'turn', 0);
  response.writeHead(302, { location: `/redirect-loop?turn=${turn + 1}`, 'content-length': 0 }).end();
}

function gzip(_request, response) {
  const body = gzipSync(JSON.stringify({ compressed: true }));
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'content-length': body.length,
  });
  response.end(body);
}

function manyHeaders(_request, response, url) {
  const count = numberFrom(url, 'n', HEADER_COUNT_DEFAULT);
  for (let index = 0; index < count; index += 1) response.setHeader(`x-header-${index}`, `value-${index}`);
  sendJson(response, 200, { headers: count });
}

// Says 10 bytes and sends 40, as a broken proxy does; written past Node's own check of the length.
function wrongLength(_request, response) {
  response.socket.end(
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n' +
      JSON.stringify({ text: 'longer than promised, by far' }),
  );
}

const routes = {
  '/slow': slow,
  '/hang': () => {},
  '/close-mid-body': closeMidBody,
  '/reset': reset,
  '/invalid-json': (_request, response) => send(response, 'application/json', '{"broken": [1, 2,'),
  '/huge': huge,
  '/redirect': redirect,
  '/redirect-loop': redirectLoop,
  '/gzip': gzip,
  '/text': (_request, response) => send(response, 'text/plain; charset=utf-8', 'plain text, Grüße'),
  '/xml': (_request, response) => send(response, 'application/xml', '<order id="7"><line sku="A1"/></order>'),
  '/empty': (_request, response) => response.writeHead(200, { 'content-length': 0 }).end(),
  '/many-headers': manyHeaders,
  '/wrong-length': wrongLength,
  '/bad-utf8': (_request, response) => {
    send(response, 'application/json', Buffer.from([0x22, 0x61, 0xff, 0xfe, 0x62, 0x22]));
  },
};

function routeOf(pathname) {
  if (pathname === '/echo' || pathname.startsWith('/echo/')) return echo;
  if (pathname.startsWith('/status/')) return status;
  return routes[pathname];
}

async function handle(request, response) {
  const url = new URL(request.url, 'http://upstream');
  const route = routeOf(url.pathname);
  try {
    if (!route) return sendJson(response, 404, { message: `no route ${url.pathname}` });
    await route(request, response, url);
  } catch (error) {
    if (!(error instanceof BadQuery)) throw error;
    sendJson(response, 400, { message: error.message });
  }
}

function createServer(options) {
  const limits = { maxHeaderSize: HEADER_BYTES_MAX };
  if (!options.tls) return http.createServer(limits, handle);
  if (!options.cert || !options.key) throw new Error('--tls needs --cert and --key');
  return https.createServer({ ...limits, cert: readFileSync(options.cert), key: readFileSync(options.key) }, handle);
}

function main() {
  const { values: options } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      tls: { type: 'boolean', default: false },
      cert: { type: 'string' },
      key: { type: 'string' },
    },
  });
  const server = createServer(options);
  server.listen(Number(options.port), '127.0.0.1', () => {
    console.log(`ready ${options.tls ? 'https' : 'http'}://127.0.0.1:${server.address().port}`);
  });
  server.on('error', fail);
  process.on('SIGTERM', () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}

function fail(error) {
  console.error(`misbehaving: ${error.message}`);
  process.exit(1);
}

try {
  main();
} catch (error) {
  fail(error);
}
