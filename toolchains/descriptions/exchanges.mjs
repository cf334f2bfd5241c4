// Recorded exchanges become requests: those with the same method, host and path shape are one request, with a
// variable for each id in the path and the answers of all as samples. What a credential was is said by no result.
//
// An exchange: {method, url, headers: [{key, value}], body: spec::ApiBody|null, credentials: [user, password]|null,
// answer: {status, headers, body}|null}. Its url is absolute.
import { mergeBodies } from './bodies.mjs';
import { basicAuth, takeCredentials } from './credentials.mjs';
import { decode, parseLocation, writeQuery } from './location.mjs';
import { hasHole } from './names.mjs';
import { isNoise } from './noise.mjs';
import { nameOf, segmentsOf } from './path-shape.mjs';
import { REDACTED, isSensitiveInQuery, looksSensitive } from './sensitive.mjs';
import { Variables } from './variables.mjs';

// `samples` (Samples) decides which answers are kept.
export function requestsOf(exchanges, samples, remarks) {
  const groups = groupsOf(exchanges);
  const hosts = new Set(groups.map(([first]) => first.location.host));
  return groups.map((group) => requestOf(group, hosts.size > 1, samples, remarks));
}

function groupsOf(exchanges) {
  const groups = new Map();
  for (const exchange of exchanges) {
    const location = parseLocation(exchange.url);
    const segments = segmentsOf(location.path);
    const operation = operationOf(exchange.body);
    const shape = segments.map(({ text, name }) => name ?? `/${text}`);
    const key = JSON.stringify([exchange.method, location.origin, shape, operation]);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push({ ...exchange, location, segments, operation });
  }
  return [...groups.values()];
}

// Of requests that share one address: the operation of GraphQL, the method of JSON-RPC.
function operationOf(body) {
  if (body?.mode !== 'raw' || body.language !== 'json') return null;
  let value;
  try {
    value = JSON.parse(body.raw);
  } catch {
    return null;
  }
  if (typeof value?.query === 'string') return String(value.operationName ?? value.query);
  return value?.jsonrpc === '2.0' ? String(value.method) : null;
}

function requestOf(group, saysHost, samples, remarks) {
  const [{ method, location, operation, body }] = group;
  const place = `${location.origin}${location.path}`;
  const remark = (reason) => remarks.add(method, place, reason);
  const variables = new Variables();
  const segments = group[0].segments.map(({ text, name }) =>
    name === undefined ? text : variables.add(name, looksSensitive(text) ? { secret: true } : { value: text }),
  );
  const path = segments.length > 0 ? `/${segments.join('/')}` : '';
  const credentials = group.find((exchange) => exchange.credentials)?.credentials;
  const given = credentials ? basicAuth(variables, ...credentials) : null;
  const { auth, headers } = takeCredentials(headersOf(group, body), variables, remark, given);
  const named = nameOf(method, segments);
  return {
    name: /^\w+$/.test(operation ?? '') ? operation : named.name,
    group: saysHost ? [location.host, ...named.group] : named.group,
    description: '',
    method,
    url: `${location.origin}${path}${writeQuery(queryOf(group))}`,
    headers,
    auth,
    body: mergeBodies(group.map((exchange) => exchange.body).filter(Boolean)),
    variables,
    samples: samples.of(group.map(({ answer }) => answer).filter(Boolean), remark),
  };
}

// Of all exchanges, each name once. A boundary of multipart belongs to one body.
function headersOf(group, body) {
  const headers = new Map();
  for (const { key, value } of group.flatMap((exchange) => exchange.headers)) {
    const name = key.toLowerCase();
    if (name === '' || isNoise(name) || headers.has(name)) continue;
    if (name === 'content-type' && (body === null || body.mode === 'formdata')) continue;
    if (name === 'accept' && /^\*\/\*|text\/html/.test(value)) continue;
    headers.set(name, { key, value });
  }
  return [...headers.values()];
}

// The first exchange's, then what only others have.
function queryOf(group) {
  const pairs = [];
  const known = new Set();
  for (const { location } of group) {
    const others = location.query.filter(({ key }) => !known.has(key));
    for (const { key } of others) known.add(key);
    pairs.push(...others);
  }
  return pairs.map(({ key, value }) => ({ key, value: isCredential(key, value) ? REDACTED : value }));
}

function isCredential(key, value) {
  return value !== null && !hasHole(value) && isSensitiveInQuery(decode(key), decode(value));
}
