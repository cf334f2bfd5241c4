// A request becomes the answer of the reader of its kind. Faults of the description are an answer, `{errors}`;
// a request that is none, and bugs of ours, are thrown.
import { Fault, Faults } from './fault.mjs';
import { LIMITS } from './limits.mjs';
import { isObject } from './shape.mjs';

// Loaded when first asked for: the parsers are large and most processes need one of them.
const readers = {
  curl: () => import('./curl.mjs'),
  graphql: () => import('./graphql.mjs'),
  har: () => import('./har.mjs'),
  openapi: () => import('./openapi.mjs'),
  postman: () => import('./postman.mjs'),
  wsdl: () => import('./wsdl.mjs'),
};

export async function read(request) {
  if (request?.op === 'ping') return { ok: true };
  const { kind, files, entry, options } = checked(request);
  try {
    const reader = await readers[kind]();
    return await reader.read(files, entry, options);
  } catch (error) {
    if (error instanceof RangeError)
      return { errors: [{ file: entry, message: 'it is nested too deep or too large to be read' }] };
    if (error instanceof Fault) return { errors: [error.in(entry)] };
    if (error instanceof Faults) return { errors: error.faults.slice(0, LIMITS.errors) };
    throw error;
  }
}

function checked(request) {
  const { kind, files, entry, options = {} } = request ?? {};
  if (!Object.hasOwn(readers, kind)) throw new TypeError(`kind: must be one of ${Object.keys(readers).join(', ')}`);
  if (!isObject(files)) throw new TypeError('files: must be an object of texts');
  const paths = Object.keys(files);
  if (paths.length > LIMITS.files) throw new TypeError(`files: at most ${LIMITS.files} are read at once`);
  const odd = paths.find((path) => typeof files[path] !== 'string');
  if (odd !== undefined) throw new TypeError(`files: ${odd} must be text`);
  if (typeof entry !== 'string' || !Object.hasOwn(files, entry))
    throw new TypeError('entry: must be the path of one of files');
  if (!isObject(options)) throw new TypeError('options: must be an object');
  return { kind, files: new Map(Object.entries(files)), entry, options };
}
