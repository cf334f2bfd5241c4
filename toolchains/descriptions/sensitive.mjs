// What counts as a credential by its name or its looks. Credentials that were recorded or pasted never leave the
// reader as text.
import { hasHole } from './names.mjs';

const PARTS = [
  'password',
  'passwd',
  'secret',
  'apikey',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'authtoken',
  'bearertoken',
  'sessiontoken',
  'sessionid',
  'securitytoken',
  'privatekey',
  'accesskey',
  'credential',
  'csrf',
  'xsrf',
  'authorization',
];
const WHOLE = new Set([
  'token',
  'auth',
  'jwt',
  'session',
  'sid',
  'sig',
  'signature',
  'pwd',
  'pass',
  'otp',
  'cookie',
  'setcookie',
  'xauth',
]);
// A JSON Web Token, and what well-known services begin theirs with.
const TOKENS = [
  /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*$/,
  /^(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|sk[-_]|rk_|pk_live_|AKIA|ASIA|AIza|ya29\.|SG\.|shp(?:at|ss)_)[\w.-]{12,}$/,
  /^bot\d+:[\w-]{20,}$/,
];

export const REDACTED = '***';

export function isSensitiveName(name) {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return WHOLE.has(plain) || PARTS.some((part) => plain.includes(part));
}

export function looksSensitive(value) {
  return TOKENS.some((pattern) => pattern.test(value));
}

export function isSensitive(name, value) {
  return isSensitiveName(name) || looksSensitive(value);
}

// In a query `key` is what some services call theirs; elsewhere it is any key.
export function isSensitiveInQuery(name, value) {
  return isSensitive(name, value) || (name.toLowerCase() === 'key' && /^[\w-]{20,}$/.test(value));
}

// The same text of JSON, its credentials blotted out; any other text as it is.
export function withoutCredentials(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  return blotOut(value) ? JSON.stringify(value) : text;
}

// In place, without recursion; says whether something was.
function blotOut(root) {
  let found = false;
  const open = [root];
  while (open.length > 0) {
    const item = open.pop();
    if (item === null || typeof item !== 'object') continue;
    for (const [key, member] of Object.entries(item)) {
      if (typeof member !== 'string') open.push(member);
      else if (member !== '' && !hasHole(member) && isSensitive(Array.isArray(item) ? '' : key, member)) {
        item[key] = REDACTED;
        found = true;
      }
    }
  }
  return found;
}
