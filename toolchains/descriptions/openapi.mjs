// An OpenAPI document that src/training does not read itself, because it is of version 2.0 or lies in several files,
// becomes one self-contained document of version 3: `{"document", "warnings"}` of README.md.
import { parseDocument } from './document-text.mjs';
import { Fault } from './fault.mjs';
import { gather } from './references.mjs';
import { Remarks } from './remarks.mjs';
import { isObject, textOf } from './shape.mjs';

export async function read(files, entry, options) {
  const document = parseDocument(files.get(entry), entry);
  const version = versionOf(document);
  const remarks = new Remarks();
  const { documents, missing } = gather(files, entry, document, options.allowRemoteReferences === true);
  if (missing.length > 0) return { missing };
  const whole = documents.size > 1 ? await bundled(documents, entry, remarks) : document;
  return { document: version === 2 ? await upgraded(whole, remarks) : whole, warnings: remarks.list() };
}

// What does this is loaded when it is needed: it is large.
async function bundled(documents, entry, remarks) {
  const { bundle } = await import('./bundle.mjs');
  return bundle(documents, entry, remarks);
}

async function upgraded(document, remarks) {
  const { upgrade } = await import('./swagger.mjs');
  return upgrade(document, remarks);
}

function versionOf(document) {
  if (isObject(document) && /^2\.0/.test(textOf(document.swagger))) return 2;
  if (isObject(document) && /^3\.[01]\./.test(textOf(document.openapi))) return 3;
  const said = isObject(document) ? textOf(document.swagger ?? document.openapi) : '';
  throw new Fault(
    said === ''
      ? 'it is no OpenAPI document: neither `openapi` nor `swagger` says a version'
      : `OpenAPI 2.0, 3.0 and 3.1 are read, this is ${said}`,
  );
}
