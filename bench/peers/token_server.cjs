// The token endpoint of a token storm: POST gives the one client its token, after as long as such an endpoint may take,
// and GET tells how many asked. Arguments: its port, client id, client secret, the token, milliseconds.
'use strict';

const { createServer } = require('node:http');

const [port, clientId, clientSecret, token, milliseconds] = process.argv.slice(2);
const client = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
let requests = 0;

function answer(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function grant(authorization, form, response) {
  if (authorization !== client) return answer(response, 401, { error: 'invalid_client' });
  if (form.get('grant_type') !== 'client_credentials') return answer(response, 400, { error: 'unsupported_grant_type' });
  return answer(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 3600 });
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    answer(response, 200, { requests });
    return;
  }
  requests += 1;
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => { body += chunk; });
  request.on('end', () => {
    setTimeout(grant, Number(milliseconds), request.headers.authorization, new URLSearchParams(body), response);
  });
});
server.listen(Number(port), '127.0.0.1');
