// The auth of a Postman request as spec::ApiAuth. Credentials that are written out become secret variables.
import { basicAuth, bearerAuth, apiKeyAuth, secret } from './credentials.mjs';
import { camelCase, renameHoles } from './names.mjs';
import { textOf } from './shape.mjs';

const writers = {
  noauth: () => null,
  basic: ({ username, password }, variables) => basicAuth(variables, username, password),
  bearer: ({ token }, variables) => bearerAuth(variables, token),
  apikey: (given, variables) =>
    apiKeyAuth(variables, given.key || 'X-API-Key', given.value ?? '', given.in === 'query' ? 'query' : 'header'),
  awsv4: aws,
  oauth2: oauth,
};

// null when there is none, or none that a function can carry; `remark` hears of the second.
export function postmanAuth(auth, variables, remark) {
  if (!auth) return null;
  const type = textOf(auth.type);
  if (!Object.hasOwn(writers, type)) {
    remark(`its auth of type ${type.slice(0, 40)} is left out`);
    return null;
  }
  const given = Object.fromEntries(
    (auth.parameters()?.all() ?? []).map(({ key, value }) => [textOf(key), renameHoles(textOf(value), camelCase)]),
  );
  return writers[type](given, variables, remark);
}

function aws(given, variables) {
  const names = ['accessKey', 'secretKey', ...(given.sessionToken ? ['sessionToken'] : [])];
  return {
    type: 'awsv4',
    awsv4: [
      ...names.map((key) => ({ key, value: secret(key, given[key] ?? '', variables) })),
      { key: 'region', value: given.region || 'us-east-1' },
      { key: 'service', value: given.service || variables.add('service', {}) },
    ],
  };
}

// Only the grant that needs no person asks for its token itself; with the others the token is an argument.
function oauth(given, variables, remark) {
  const isUnattended = given.grant_type === 'client_credentials' && given.accessTokenUrl;
  if (!isUnattended) {
    remark('its OAuth 2 token is an argument: the way it is asked for needs a person');
    return bearerAuth(variables, given.accessToken ?? '');
  }
  const plain = {
    grantType: 'client_credentials',
    tokenUrl: given.accessTokenUrl,
    scope: given.scope,
    audience: given.audience,
    clientAuthentication: given.client_authentication,
  };
  return {
    type: 'oauth2',
    oauth2: [
      ...Object.entries(plain)
        .filter(([, value]) => value)
        .map(([key, value]) => ({ key, value })),
      { key: 'clientId', value: secret('clientId', given.clientId ?? '', variables) },
      { key: 'clientSecret', value: secret('clientSecret', given.clientSecret ?? '', variables) },
    ],
  };
}
