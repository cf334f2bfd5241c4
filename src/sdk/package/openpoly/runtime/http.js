'use strict';
// One request to the server and its answer, as values. The platform's fetch keeps connections open.

const { PolyError } = require('./errors.js');
const { settings } = require('./settings.js');

// Resolves {status, headers, body, roundTripMs} for every answer, whatever its status; rejects when
// there is none. `what` names the call in messages.
async function send(what, method, path, { content, query = {} } = {}) {
  const { baseUrl, apiKey } = settings();
  const url = new URL(baseUrl + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/json, text/*;q=0.9, */*;q=0.8' };
  if (content !== undefined) headers['content-type'] = 'application/json';

  const startedAt = performance.now();
  try {
    const answer = await fetch(url, { method, headers, body: content && JSON.stringify(content) });
    const body = await bodyOf(answer);
    const roundTripMs = Math.round(performance.now() - startedAt);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body, roundTripMs };
  } catch (error) {
    const reason = error.cause?.message || error.cause?.code || error.message;
    throw new PolyError(`${what} got no answer from ${baseUrl}: ${reason}`, { cause: error });
  }
}

function succeeded({ status }) {
  return status >= 200 && status < 300;
}

// Strings travel as plain text, everything else as JSON.
async function bodyOf(answer) {
  const type = answer.headers.get('content-type') ?? '';
  if (/^[^;]*[/+]json\s*(;|$)/i.test(type)) return jsonOrText(await answer.text());
  if (type === '' || /^text\//i.test(type)) {
    const text = await answer.text();
    return text === '' && type === '' ? undefined : text;
  }
  return new Uint8Array(await answer.arrayBuffer());
}

// A function may answer with a bare string under the JSON type.
function jsonOrText(text) {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

module.exports = { send, succeeded };
