// Bare Node.js over HTTP, the peer of a warm server function: `constant` answers without looking at what was sent,
// `echo` reads the JSON and answers it written anew, which is what the function does.
'use strict';

const { createServer } = require('node:http');

const [port, mode, body] = process.argv.slice(2);

function answer(response, text) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function echo(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => answer(response, JSON.stringify(JSON.parse(Buffer.concat(chunks).toString()))));
}

const handlers = { constant: (_request, response) => answer(response, body), echo };
createServer(handlers[mode]).listen(Number(port), '127.0.0.1');
