// A real OAuth 2 server (npm oidc-provider) and an API that wants its tokens, for the scenarios of authentication.
//
//   node authorization_server.mjs --jwks FILE [--lifetime SECONDS]
//
// Prints `ready URL`. POST /token is the token endpoint; GET /api answers 200 to a good token and 401 to any other;
// POST /refresh-tokens gives a fresh refresh token, POST /revocations makes all access tokens bad, and GET /counts
// says how often what was asked for. FILE holds the public keys of the clients that sign.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

import { createLocalJWKSet, jwtVerify } from 'jose';
import { Provider, errors } from 'oidc-provider';

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const accountId = 'ada';

const { values: options } = parseArgs({ options: { jwks: { type: 'string' }, lifetime: { type: 'string', default: '600' } } });
const lifetime = Number(options.lifetime);
const jwks = JSON.parse(readFileSync(options.jwks, 'utf8'));

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

function client(id, fields) {
  return {
    client_id: id,
    client_secret: 's&cret-of-the-client',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    ...fields,
  };
}

const provider = new Provider(issuer, {
  clients: [
    client('by-header', { token_endpoint_auth_method: 'client_secret_basic' }),
    client('by-body', { token_endpoint_auth_method: 'client_secret_post' }),
    client('by-jwt', { token_endpoint_auth_method: 'private_key_jwt', client_secret: undefined, jwks }),
    client('refreshing', { grant_types: ['refresh_token', 'authorization_code'], redirect_uris: ['https://client.example/'], response_types: ['code'] }),
    client('asserting', { grant_types: [jwtBearer], token_endpoint_auth_method: 'none', client_secret: undefined }),
  ],
  scopes: ['openid', 'offline_access', 'read', 'write'],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
  rotateRefreshToken: true,
  ttl: { AccessToken: lifetime, ClientCredentials: lifetime, RefreshToken: 3600, Grant: 3600 },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});

async function grantFor(clientId) {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope('openid offline_access');
  return grant.save();
}

provider.registerGrantType(
  jwtBearer,
  async (context) => {
    const { client: caller, params } = context.oidc;
    let payload;
    try {
      ({ payload } = await jwtVerify(params.assertion, createLocalJWKSet(jwks), { audience: `${issuer}/token`, issuer: 'asserting' }));
    } catch (problem) {
      throw new errors.InvalidGrant(problem.message);
    }
    if (payload.sub !== accountId) throw new errors.InvalidGrant('unknown subject');
    const token = new provider.AccessToken({ accountId, client: caller, grantId: await grantFor(caller.clientId), gty: 'jwt', scope: params.scope });
    context.body = { access_token: await token.save(), expires_in: token.expiration, token_type: 'Bearer' };
  },
  ['assertion', 'scope'],
);

const counts = { tokens: 0, calls: 0, refused: 0 };
let goodFrom = 0;
let issued = 0;
const issuedAs = new Map();

function answer(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function isGood(token) {
  if (!token || (issuedAs.get(token) ?? 0) <= goodFrom) return false;
  return Boolean((await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token)));
}

async function api(request, response) {
  counts.calls += 1;
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (await isGood(token)) return answer(response, 200, { token: issuedAs.get(token) });
  counts.refused += 1;
  return answer(response, 401, { error: 'invalid_token' }, { 'www-authenticate': 'Bearer' });
}

async function refreshToken(response) {
  const token = new provider.RefreshToken({
    accountId,
    client: await provider.Client.find('refreshing'),
    grantId: await grantFor('refreshing'),
    gty: 'authorization_code',
    scope: 'openid offline_access',
  });
  answer(response, 200, { refreshToken: await token.save() });
}

// Which tokens were given before a revocation is known by the order in which they were.
provider.use(async (context, next) => {
  await next();
  if (context.path !== '/token') return;
  counts.tokens += 1;
  if (context.body?.access_token) issuedAs.set(context.body.access_token, (issued += 1));
});

const toProvider = provider.callback();
server.on('request', (request, response) => {
  if (request.url === '/api') return api(request, response);
  if (request.url === '/counts') return answer(response, 200, counts);
  if (request.url === '/refresh-tokens') return refreshToken(response);
  if (request.url === '/revocations') {
    goodFrom = issued;
    return answer(response, 200, {});
  }
  return toProvider(request, response);
});
process.on('SIGTERM', () => server.close(() => process.exit(0)) && server.closeAllConnections());
console.log(`ready ${issuer}`);
