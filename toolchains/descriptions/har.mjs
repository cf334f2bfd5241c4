// A recording of a browser or proxy (HAR 1.2) becomes requests: `{"title", "requests", "warnings"}` of README.md.
// Only what an API answered is kept; what a page is made of is counted and left out.
import { bareMediaType, isJsonType, isXmlType, textBody } from './bodies.mjs';
import { requestsOf } from './exchanges.mjs';
import { Fault } from './fault.mjs';
import { formField, formFieldsOf } from './forms.mjs';
import { parseJson } from './json-text.mjs';
import { LIMITS } from './limits.mjs';
import { withoutHoles } from './names.mjs';
import { Remarks } from './remarks.mjs';
import { Samples } from './samples.mjs';
import { readMultipart } from './multipart.mjs';
import { isObject, listOf, textOf } from './shape.mjs';

const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']);
const STREAMS = new Set([
  'application/x-ndjson',
  'application/jsonl',
  'text/event-stream',
  'application/grpc-web+proto',
]);
const CALLED_BY_SCRIPTS = new Set(['xhr', 'fetch']);

export async function read(files, entry) {
  const log = parseJson(files.get(entry), LIMITS.depth)?.log;
  if (!isObject(log) || !Array.isArray(log.entries)) throw new Fault('it is no HAR file: log.entries must be a list');
  if (log.entries.length > LIMITS.entries) throw new Fault(`log.entries has more than ${LIMITS.entries} entries`);
  const remarks = new Remarks();
  const exchanges = [];
  const leftOut = new Map();
  for (const [index, item] of log.entries.entries()) {
    const path = `log.entries[${index}]`;
    const reason = whyLeftOut(item);
    if (reason !== null) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
    else
      exchanges.push(
        await exchangeOf(item, (complaint) => remarks.add(item.request.method.toUpperCase(), path, complaint)),
      );
  }
  for (const [reason, count] of leftOut) remarks.add('*', 'log.entries', `${count} left out: ${reason}`);
  return {
    title: titleOf(log, entry),
    requests: requestsOf(exchanges, new Samples(), remarks),
    warnings: remarks.list(),
  };
}

function titleOf(log, entry) {
  const page = listOf(log.pages).find((candidate) => textOf(candidate?.title) !== '');
  return page ? textOf(page.title) : entry.replace(/^.*\//, '').replace(/\.har$/i, '');
}

// null for what an API answered, or was asked.
function whyLeftOut(item) {
  const { request, response } = isObject(item) ? item : {};
  if (!isObject(request) || typeof request.method !== 'string' || typeof request.url !== 'string')
    return 'no request with method and url';
  if (!/^https?:\/\//i.test(request.url)) return 'not of http or https';
  const method = request.method.toUpperCase();
  if (method === 'OPTIONS' || item._resourceType === 'preflight') return 'preflight requests';
  if (!METHODS.has(method)) return `the method ${method.slice(0, 20)}`;
  const mediaType = bareMediaType(textOf(response?.content?.mimeType));
  if (isAnswerOfApi(mediaType)) return null;
  const kind = kindOf(mediaType);
  if (kind !== null) return kind;
  const isCalled =
    CALLED_BY_SCRIPTS.has(item._resourceType) || method !== 'GET' || textOf(request.postData?.text) !== '';
  return isCalled ? null : `answers of ${mediaType || 'no media type'}`;
}

function isAnswerOfApi(mediaType) {
  return (
    isJsonType(mediaType) ||
    (isXmlType(mediaType) && mediaType !== 'application/xhtml+xml') ||
    STREAMS.has(mediaType) ||
    mediaType === 'application/x-www-form-urlencoded'
  );
}

function kindOf(mediaType) {
  if (/^image\//.test(mediaType)) return 'images';
  if (/^(?:audio|video)\//.test(mediaType)) return 'sound and video';
  if (/^(?:font\/|application\/(?:x-)?font|application\/vnd\.ms-fontobject)/.test(mediaType)) return 'fonts';
  if (/(?:java|ecma)script$/.test(mediaType) || mediaType === 'application/wasm') return 'scripts';
  if (mediaType === 'text/css') return 'styles';
  if (/html/.test(mediaType)) return 'pages of HTML';
  return null;
}

async function exchangeOf({ request, response }, remark) {
  return {
    method: request.method.toUpperCase(),
    url: withoutHoles(request.url),
    headers: pairsOf(request.headers),
    body: await bodyOf(request, remark),
    credentials: null,
    answer: answerOf(response),
  };
}

function pairsOf(list) {
  return listOf(list)
    .filter(isObject)
    .map(({ name, value }) => ({ key: textOf(name), value: withoutHoles(textOf(value)) }));
}

async function bodyOf({ postData, headers }, remark) {
  if (!isObject(postData)) return null;
  const declared =
    textOf(postData.mimeType) ||
    (pairsOf(headers).find(({ key }) => key.toLowerCase() === 'content-type')?.value ?? '');
  const mediaType = bareMediaType(declared);
  const text = withoutHoles(textOf(postData.text));
  const params = listOf(postData.params).filter(isObject);
  if (mediaType === 'multipart/form-data')
    return {
      mode: 'formdata',
      formdata: params.length > 0 ? params.map(partOf) : await readMultipart(text, declared, remark),
    };
  if (mediaType === 'application/x-www-form-urlencoded') {
    return {
      mode: 'urlencoded',
      urlencoded:
        text !== ''
          ? formFieldsOf(text)
          : params.map(({ name, value }) => ({ key: textOf(name), value: withoutHoles(textOf(value)) })),
    };
  }
  if (text === '') return null;
  return isText(mediaType) ? textBody(text, mediaType) : { mode: 'file' };
}

function partOf({ name, value, fileName }) {
  return formField(textOf(name), textOf(fileName) !== '' ? null : withoutHoles(textOf(value)));
}

function isText(mediaType) {
  return (
    mediaType === '' ||
    mediaType.startsWith('text/') ||
    isJsonType(mediaType) ||
    isXmlType(mediaType) ||
    mediaType === 'application/graphql'
  );
}

// null when there was none: the request was blocked, or its answer came from a cache.
function answerOf(response) {
  const status = response?.status;
  if (!Number.isInteger(status) || status < 200 || status > 599 || status === 304) return null;
  const { content, headers } = response;
  const text = textOf(content?.text);
  const body = content?.encoding === 'base64' ? Buffer.from(text, 'base64').toString('utf8') : text;
  const names = pairsOf(headers).filter(({ key }) => key !== '' && !key.startsWith(':'));
  const known = Object.fromEntries(names.map(({ key, value }) => [key.toLowerCase(), value]));
  const mimeType = textOf(content?.mimeType);
  if (known['content-type'] === undefined && mimeType !== '') known['content-type'] = mimeType;
  return {
    status,
    headers: known,
    body: isText(bareMediaType(mimeType)) || STREAMS.has(bareMediaType(mimeType)) ? body : '',
  };
}
