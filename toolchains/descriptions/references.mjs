// Which files a document is made of: every `$ref` is followed from file to file, and one that leads nowhere is a fault.
// Nothing is fetched. A file of the web has its address as its path; the host gives it when that is allowed.
import path from 'node:path';
import { parseDocument } from './document-text.mjs';
import { Fault, Faults, placeOf } from './fault.mjs';
import { LIMITS } from './limits.mjs';
import { decode } from './location.mjs';

export const REMOTE = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i;
const PROSE = /\.(?:md|markdown|txt|html?)$/i;
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const', 'externalValue']);
const NAMES_ITS_MEMBERS = new Set([
  'properties',
  'patternProperties',
  'schemas',
  'definitions',
  '$defs',
  'parameters',
  'responses',
  'paths',
]);

// {documents: Map of path → value, missing: addresses that may be fetched and were not given}
export function gather(files, entry, document, allowsRemote) {
  const documents = new Map([[entry, document]]);
  const faults = [];
  const missing = new Set();
  for (const [file, value] of documents) {
    for (const { reference, pointer } of referencesOf(value)) {
      const target = targetOf(file, reference);
      if (target === '' || documents.has(target)) continue;
      const complaint = complaintAbout(target, files, allowsRemote, missing);
      if (complaint === null) {
        documents.set(target, valueOf(files.get(target), target));
      } else if (complaint !== '') {
        const place = { file, ...placeOfReference(files.get(file), reference) };
        faults.push(new Fault(`${pointer}: \`$ref\` ${reference} ${complaint}`, place));
      }
      if (faults.length >= LIMITS.errors) throw new Faults(faults);
    }
  }
  if (faults.length > 0) throw new Faults(faults);
  return { documents, missing: [...missing] };
}

// A description may lie in a file of text.
function valueOf(text, file) {
  return PROSE.test(file) ? text : parseDocument(text, file);
}

// null when it is there, '' when it may be fetched.
export function complaintAbout(target, files, allowsRemote, missing) {
  if (files.has(target)) return null;
  if (REMOTE.test(target) && allowsRemote) {
    missing.add(target);
    return '';
  }
  if (REMOTE.test(target)) return 'is on another host, which is not allowed';
  if (target.startsWith('..')) return 'leaves the folder of the document';
  return `names the file ${target}, which was not given`;
}

// The file that a reference means: '' for the same one.
export function targetOf(file, reference) {
  const [target] = reference.split('#');
  if (target === '') return '';
  if (REMOTE.test(target)) return target;
  if (REMOTE.test(file)) return URL.parse(target, file)?.href ?? target;
  if (target.startsWith('/')) return `..${target}`; // of the machine, not of the folder
  const relative = path.posix.join(path.posix.dirname(file), decode(target));
  return relative === file ? '' : relative;
}

// [{reference, pointer}] of a value, in order; data that only looks like a reference is passed over.
function referencesOf(root) {
  const found = [];
  const open = root !== null && typeof root === 'object' ? [{ value: root, pointer: '#', key: '' }] : [];
  while (open.length > 0) {
    const { value, pointer, key } = open.pop();
    if (typeof value.$ref === 'string') found.push({ reference: value.$ref, pointer });
    for (const [name, member] of Object.entries(value).reverse()) {
      const isData = !NAMES_ITS_MEMBERS.has(key) && (DATA.has(name) || name.startsWith('x-'));
      if (member === null || typeof member !== 'object' || isData) continue;
      open.push({
        value: member,
        pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        key: Array.isArray(value) ? '' : name,
      });
    }
    if (key === 'mapping') found.push(...mappingsOf(value, pointer));
  }
  return found;
}

// A discriminator may name files too; a bare word is a schema of the same file.
function mappingsOf(mapping, pointer) {
  return Object.entries(mapping)
    .filter(([, target]) => typeof target === 'string' && /[#/]|\.(?:json|ya?ml)$/i.test(target))
    .map(([name, target]) => ({ reference: target, pointer: `${pointer}/${name}` }));
}

function placeOfReference(text, reference) {
  const offset = text.indexOf(reference);
  return offset < 0 ? {} : placeOf(text, offset);
}
