// A document of several files becomes one: what other files describe moves into components of its own, under the
// name that it has there.
import {
  BaseResolver,
  ResolveError,
  Source,
  bundleDocument,
  createConfig,
  detectSpec,
  getTypes,
} from '@redocly/openapi-core';
import { Fault, Faults } from './fault.mjs';
import { checkSize } from './json-text.mjs';
import { LIMITS } from './limits.mjs';
import { isObject } from './shape.mjs';
import { targetOf } from './references.mjs';

// Where a value is only an example, a reference in it means nothing.
const IN_DATA = /\/(?:examples?|default|enum|const|x-[^/]*)(?:\/|$)/;

class GivenFiles extends BaseResolver {
  #documents;

  constructor(documents) {
    super();
    this.#documents = new Map(
      Array.from(documents, ([file, parsed]) => [file, { source: new Source(file, '', undefined), parsed }]),
    );
  }

  resolveExternalRef(base, reference) {
    return base === null || base === undefined ? reference : targetOf(base, reference) || base;
  }

  async resolveDocument(base, reference) {
    const file = this.resolveExternalRef(base, reference);
    const document = this.#documents.get(file);
    if (!document) throw new ResolveError(new Error(`the file ${file} was not given`));
    return document;
  }
}

// `documents`: path → value, of every file that is referred to. They are changed.
export async function bundle(documents, entry, remarks) {
  const externalRefResolver = new GivenFiles(documents);
  const document = await externalRefResolver.resolveDocument(null, entry);
  const config = await createConfig({});
  const types = getTypes(detectSpec(document.parsed));
  const { bundle: whole, problems } = await together(() =>
    bundleDocument({ document, config, types, externalRefResolver, componentRenamingConflicts: 'warn' }),
  );
  const faults = [];
  for (const { severity, message, location } of problems) {
    const [{ source, pointer = '#/' } = {}] = location;
    if (IN_DATA.test(pointer)) continue;
    const file = source?.absoluteRef ?? entry;
    const reason = message.replace(/^Can't resolve \$ref.*/s, 'its `$ref` leads to nothing');
    if (severity === 'error') faults.push(new Fault(`${pointer}: ${reason}`, { file }));
    else remarks.add('*', `${file}${pointer}`, reason);
  }
  if (faults.length > 0) throw new Faults(faults);
  if (!isObject(whole.parsed)) throw new Fault('the document cannot be put together');
  // What is not a component is put in its place, where it may meet itself.
  checkSize(whole.parsed, { depthMax: LIMITS.documentDepth, valuesMax: LIMITS.documentValues });
  return whole.parsed;
}

// The bundler trusts the shape of what it is given.
async function together(work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError || error instanceof Fault) throw error;
    throw new Fault(`the document cannot be put together: ${error.message}`);
  }
}
