// Credentials among headers become the request's auth, with variables marked secret in their place.
import { camelCase, hasHole, holesOf } from './names.mjs';
import { isSensitiveName, looksSensitive } from './sensitive.mjs';

// Schemes whose value is made anew for each request: a variable cannot carry them.
const COMPUTED = /^(?:AWS4-HMAC-SHA256|Digest|OAuth|Negotiate|NTLM|Hawk)\b/i;

// Takes the headers that carry credentials out of `headers`. Gives {auth, headers}; `remark(reason)` hears what was dropped.
export function takeCredentials(headers, variables, remark, given = null) {
  let auth = given;
  const kept = [];
  for (const { key, value } of headers) {
    const name = key.toLowerCase();
    if (name === 'cookie') {
      remark('its cookies are left out');
    } else if (name === 'authorization' && COMPUTED.test(value)) {
      remark(`its ${value.match(COMPUTED)[0]} credentials are left out, which are made anew for each request`);
    } else if (isSensitiveName(name) || looksSensitive(value)) {
      const found = authOf(key, value, variables);
      if (auth === null) auth = found;
      else if (found.type === 'apikey') kept.push({ key, value: found.apikey[1].value });
      else remark(`its ${key} header is left out, because it has other credentials too`);
    } else {
      kept.push({ key, value });
    }
  }
  return { auth, headers: kept };
}

export function basicAuth(variables, username = '', password = '') {
  return {
    type: 'basic',
    basic: [
      { key: 'username', value: secret('username', username, variables) },
      { key: 'password', value: secret('password', password, variables) },
    ],
  };
}

export function bearerAuth(variables, token = '') {
  return { type: 'bearer', bearer: [{ key: 'token', value: secret('token', token, variables) }] };
}

export function apiKeyAuth(variables, key, value, place) {
  return {
    type: 'apikey',
    apikey: [
      { key: 'key', value: key },
      { key: 'value', value: secret(camelCase(key), value, variables) },
      { key: 'in', value: place },
    ],
  };
}

function authOf(key, value, variables) {
  if (key.toLowerCase() !== 'authorization') return apiKeyAuth(variables, key, value, 'header');
  const [scheme, ...others] = value.trim().split(/\s+/);
  const parameter = others.join(' ');
  if (/^bearer$/i.test(scheme)) return bearerAuth(variables, parameter);
  if (/^basic$/i.test(scheme)) return basicAuth(variables);
  if (parameter === '') return apiKeyAuth(variables, key, value, 'header');
  const auth = apiKeyAuth(variables, 'token', parameter, 'header');
  auth.apikey[0].value = key;
  auth.apikey[1].value = `${scheme} ${auth.apikey[1].value}`;
  return auth;
}

// A value that is already a template keeps it; what was written out is replaced.
export function secret(wanted, value, variables) {
  if (!hasHole(value)) return variables.add(wanted, { secret: true });
  for (const name of holesOf(value)) variables.describe(name, { secret: true });
  return value;
}
