// One upstream system of the example: a REST service over a data file, as a company would already have one.
//
// It exists so that the example talks to real HTTP servers with keys, errors and an OpenAPI document of their own.
// The resources are json-server's; this file adds what a real system has around them: an API key, errors as JSON,
// unique fields and the date of creation. Data lives in memory: each start begins from the data file.
//
//   UPSTREAM_API_KEY=… node upstream.cjs --data crm.json --openapi crm.openapi.yaml --key-header x-api-key
//
// Prints `ready http://127.0.0.1:PORT` when it answers, and ends on SIGTERM.
'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');
const { timingSafeEqual, createHash } = require('node:crypto');
const { parseArgs } = require('node:util');
const jsonServer = require('json-server');

// The address written in the OpenAPI documents; the served document carries the real one instead.
const DOCUMENTED_ADDRESS = 'http://127.0.0.1:4010';

function readOptions() {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      openapi: { type: 'string' },
      'key-header': { type: 'string' },
      unique: { type: 'string', multiple: true, default: [] },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
    },
  });
  for (const name of ['data', 'openapi', 'key-header']) {
    if (!values[name]) throw new Error(`--${name} is required`);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`--port must be a number from 0 to 65535, not '${values.port}'`);
  }
  const key = process.env.UPSTREAM_API_KEY;
  if (!key) throw new Error('the environment variable UPSTREAM_API_KEY must hold the API key');
  return {
    dataFile: values.data,
    openapiFile: values.openapi,
    keyHeader: values['key-header'].toLowerCase(),
    uniqueFields: values.unique.map(parseUniqueField),
    host: values.host,
    port,
    key,
  };
}

function parseUniqueField(text) {
  const [collection, field, ...rest] = text.split('.');
  if (!collection || !field || rest.length > 0) {
    throw new Error(`--unique must be 'collection.field', not '${text}'`);
  }
  return { collection, field };
}

function sendProblem(response, status, message) {
  response.status(status).json({ status, message });
}

// In the Authorization header the key follows the word Bearer; in any other header it stands alone.
function requireKey(keyHeader, key) {
  const expected = keyHeader === 'authorization' ? `Bearer ${key}` : key;
  const digest = (text) => createHash('sha256').update(text).digest();
  const expectedDigest = digest(expected);
  return (request, response, next) => {
    const given = request.get(keyHeader);
    if (given === undefined) {
      sendProblem(response, 401, `the header '${keyHeader}' with the API key is missing`);
    } else if (!timingSafeEqual(digest(given), expectedDigest)) {
      sendProblem(response, 401, `the API key in the header '${keyHeader}' is not valid`);
    } else {
      next();
    }
  };
}

function serveDocument(openapiFile) {
  const text = readFileSync(openapiFile, 'utf8');
  const type = openapiFile.endsWith('.json') ? 'application/json' : 'application/yaml';
  return (request, response) => {
    const address = `http://${request.get('host')}`;
    response.type(type).send(text.replaceAll(DOCUMENTED_ADDRESS, address));
  };
}

function stampCreation(request, _response, next) {
  if (request.method === 'POST' && request.body.createdAt === undefined) {
    request.body.createdAt = new Date().toISOString();
  }
  next();
}

function refuseDuplicates(database, { collection, field }) {
  return (request, response, next) => {
    const value = request.body[field];
    const taken =
      request.method === 'POST' &&
      request.path === `/${collection}` &&
      value !== undefined &&
      database.get(collection).find({ [field]: value }).value();
    if (taken) {
      sendProblem(response, 409, `${collection}: ${field} '${value}' is taken by ${taken.id}`);
    } else {
      next();
    }
  };
}

function renderResource(_request, response) {
  if (response.statusCode === 404) {
    sendProblem(response, 404, 'there is no such resource');
  } else {
    response.json(response.locals.data);
  }
}

function renderError(error, _request, response, next) {
  if (response.headersSent) return next(error);
  const status = error.status ?? 500;
  sendProblem(response, status, error.message);
}

function createUpstream(options) {
  const data = JSON.parse(readFileSync(options.dataFile, 'utf8'));
  const resources = jsonServer.router(data);
  resources.render = renderResource;

  const upstream = jsonServer.create();
  upstream.disable('x-powered-by');
  upstream.get(`/openapi${path.extname(options.openapiFile)}`, serveDocument(options.openapiFile));
  upstream.use(requireKey(options.keyHeader, options.key));
  upstream.use(jsonServer.bodyParser);
  upstream.use(stampCreation);
  for (const unique of options.uniqueFields) upstream.use(refuseDuplicates(resources.db, unique));
  upstream.use(resources);
  upstream.use((_request, response) => sendProblem(response, 404, 'there is no such resource'));
  upstream.use(renderError);
  return upstream;
}

function main() {
  const options = readOptions();
  const server = createUpstream(options).listen(options.port, options.host, () => {
    console.log(`ready http://${options.host}:${server.address().port}`);
  });
  server.on('error', fail);
  process.on('SIGTERM', () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}

function fail(error) {
  console.error(`upstream: ${error.message}`);
  process.exit(1);
}

try {
  main();
} catch (error) {
  fail(error);
}
