// Commands of curl become requests: `{"title", "requests", "warnings"}` of README.md.
import { parseArgs } from 'node:util';
import { textBody } from './bodies.mjs';
import { CURL_OPTIONS } from './curl-options.mjs';
import { formField, formFieldsOf } from './forms.mjs';
import { Fault } from './fault.mjs';
import { requestsOf } from './exchanges.mjs';
import { LIMITS } from './limits.mjs';
import { parseLocation } from './location.mjs';
import { camelCase, renameHoles } from './names.mjs';
import { Remarks } from './remarks.mjs';
import { Samples } from './samples.mjs';
import { commandsOf } from './shell-words.mjs';

const FORM_TYPE = 'application/x-www-form-urlencoded';
const PROGRAM = /^(?:.*[/\\])?curl(?:\.exe)?$/i;
const DATA = ['data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode', 'json'];

export function read(files, entry) {
  const remarks = new Remarks();
  const exchanges = commandsOf(files.get(entry))
    .flatMap(transfersOf)
    .flatMap((transfer) => exchangesOf(transfer, remarks));
  if (exchanges.length === 0) throw new Fault('there is no command of curl with an address in it');
  if (exchanges.length > LIMITS.entries) throw new Fault(`there are more than ${LIMITS.entries} requests`);
  return { title: 'curl', requests: requestsOf(exchanges, new Samples(), remarks), warnings: remarks.list() };
}

// The words of one line may be several commands, one after the other or cut by --next. A transfer is the options of
// one of them in order, [{name, value}], where an address is the option `url`.
function transfersOf(words) {
  const start = words.findIndex((word) => PROGRAM.test(word));
  if (start < 0) return [];
  const args = words.slice(start + 1).map((word) => renameHoles(word, camelCase));
  const { tokens } = parseArgs({
    args,
    options: CURL_OPTIONS,
    strict: false,
    tokens: true,
    allowPositionals: true,
    allowNegative: true,
  });
  const transfers = [[]];
  for (const token of tokens) {
    if (token.kind === 'positional' && PROGRAM.test(token.value)) transfers.push([]);
    else if (token.kind === 'positional') transfers.at(-1).push({ name: 'url', value: token.value });
    else if (token.kind === 'option' && token.name === 'next') transfers.push([]);
    else if (token.kind === 'option') transfers.at(-1).push(checkedOption(token));
  }
  return transfers;
}

function checkedOption({ name, rawName, value }) {
  const option = Object.hasOwn(CURL_OPTIONS, name) ? CURL_OPTIONS[name] : undefined;
  if (!option) throw new Fault(`curl has no option ${rawName} that is known here`);
  if (option.type === 'string' && value === undefined) throw new Fault(`the option ${rawName} of curl lacks its value`);
  return { name, value: value ?? !rawName.startsWith('--no-') };
}

// One for each address of the transfer.
function exchangesOf(transfer, remarks) {
  const last = (name) => transfer.findLast((option) => option.name === name)?.value;
  const all = (name) => transfer.filter((option) => option.name === name).map(({ value }) => value);
  return all('url').map((address) => {
    const headers = headersOf(transfer);
    const body = bodyOf(transfer, headers);
    const isQuery = last('get') === true && body !== null;
    const location = parseLocation(/^[a-z][a-z0-9+.-]*:\/\/|^\{\{/i.test(address) ? address : `http://${address}`);
    const added = [...all('url-query').map(urlencoded), ...(isQuery ? dataOf(transfer) : [])].filter(
      (text) => text !== '',
    );
    const written = [
      ...location.query.map(({ key, value }) => (value === null ? key : `${key}=${value}`)),
      ...added,
    ].join('&');
    const url = `${location.origin}${location.path}${written === '' ? '' : `?${written}`}`;
    const method = methodOf(last, isQuery ? null : body);
    remarkOn(transfer, (reason) => remarks.add(method, `${location.origin}${location.path}`, reason));
    const credentials = last('user') ?? location.user;
    return {
      method,
      url,
      headers,
      body: isQuery ? null : body,
      credentials: credentials === null ? null : splitOnce(credentials, ':'),
      answer: null,
    };
  });
}

function methodOf(last, body) {
  if (last('request')) return last('request').toUpperCase();
  if (last('head') === true) return 'HEAD';
  if (last('upload-file') !== undefined) return 'PUT';
  return body === null ? 'GET' : 'POST';
}

function headersOf(transfer) {
  const headers = [];
  for (const { name, value } of transfer) {
    if (name === 'header' && !value.startsWith('@')) {
      const [key, text] = splitOnce(value.replace(/;$/, ':'), ':');
      headers.push({ key: key.trim(), value: (text ?? '').trim() });
    } else if (name === 'oauth2-bearer') {
      headers.push({ key: 'Authorization', value: `Bearer ${value}` });
    } else if (name === 'cookie') {
      headers.push({ key: 'Cookie', value });
    } else if (name === 'json') {
      headers.push({ key: 'Content-Type', value: 'application/json' }, { key: 'Accept', value: 'application/json' });
    }
  }
  return headers;
}

function bodyOf(transfer, headers) {
  if (transfer.some(({ name }) => name === 'form' || name === 'form-string')) {
    return { mode: 'formdata', formdata: transfer.filter(({ name }) => name.startsWith('form')).flatMap(partOf) };
  }
  if (transfer.some(({ name }) => name === 'upload-file')) return { mode: 'file' };
  const given = transfer.filter(({ name }) => DATA.includes(name));
  if (given.length === 0) return null;
  const isFile = given.every(({ name, value }) => name !== 'data-raw' && value.startsWith('@'));
  if (isFile) return { mode: 'file' };
  const mimeType = headers.find(({ key }) => key.toLowerCase() === 'content-type')?.value ?? FORM_TYPE;
  const text = transfer.some(({ name }) => name === 'json')
    ? given.map(({ value }) => value).join('')
    : dataOf(transfer).join('&');
  if (mimeType.toLowerCase().startsWith(FORM_TYPE) && !/^\s*[{[<]/.test(text))
    return { mode: 'urlencoded', urlencoded: formFieldsOf(text) };
  return textBody(text, mimeType.toLowerCase().startsWith(FORM_TYPE) ? '' : mimeType);
}

function dataOf(transfer) {
  const given = transfer.filter(({ name }) => DATA.includes(name));
  return given.map(({ name, value }) => {
    if (name === 'data-urlencode') return urlencoded(value);
    return name !== 'data-raw' && value.startsWith('@') ? '' : value;
  });
}

// `name=content` and `=content`; the content is encoded, a name is not. The content of a file is not known.
function urlencoded(text) {
  const at = text.search(/[=@]/);
  if (at < 0) return encodeOutsideHoles(text);
  if (text[at] === '@') return `${text.slice(0, at)}=`;
  return `${text.slice(0, at)}${at === 0 ? '' : '='}${encodeOutsideHoles(text.slice(at + 1))}`;
}

function encodeOutsideHoles(text) {
  return text
    .split(/(\{\{\w+\}\})/)
    .map((part, index) => (index % 2 === 1 ? part : encodeURIComponent(part)))
    .join('');
}

// `name=content`, `name=@file;type=…`, `name=<file`.
function partOf({ name, value }) {
  const [key, content = ''] = splitOnce(value, '=');
  const isFile = name === 'form' && /^[@<]/.test(content);
  const text =
    name === 'form'
      ? content.replace(/;(?:type|filename|headers|encoder)=.*$/s, '').replace(/^"(.*)"$/s, '$1')
      : content;
  return [formField(key, isFile && content.startsWith('@') ? null : isFile ? '' : text)];
}

function remarkOn(transfer, remark) {
  const has = (name) => transfer.some((option) => option.name === name && option.value !== false);
  if (has('insecure')) remark('-k is left out: certificates are always checked');
  if (has('proxy')) remark('its proxy is left out');
  if (has('cert') || has('key')) remark("the client's certificate is left out");
  for (const scheme of ['digest', 'ntlm', 'negotiate', 'aws-sigv4']) {
    if (has(scheme)) remark(`${scheme} authentication is left out`);
  }
  if (transfer.some(({ name, value }) => name === 'header' && value.startsWith('@')))
    remark('headers of a file are left out');
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
