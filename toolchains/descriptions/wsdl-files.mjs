// What a WSDL is made of: its own elements and those of all files that it imports, in tables by name.
import { Fault, Faults } from './fault.mjs';
import { LIMITS } from './limits.mjs';
import { REMOTE, complaintAbout, targetOf } from './references.mjs';
import { parseXml, qualified } from './xml-tree.mjs';

export const WSDL = 'http://schemas.xmlsoap.org/wsdl/';
export const XSD = 'http://www.w3.org/2001/XMLSchema';

const DEFINITIONS = ['message', 'portType', 'binding', 'service'];
const COMPONENTS = ['element', 'complexType', 'simpleType', 'group', 'attribute', 'attributeGroup'];

// {tables: kind → Map of `{namespace}name` → element, missing}; components know their schema as `schema`.
export function gatherWsdl(files, entry, allowsRemote) {
  const tables = Object.fromEntries([...DEFINITIONS, ...COMPONENTS].map((kind) => [kind, new Map()]));
  const state = { files, tables, allowsRemote, seen: new Set(), missing: new Set(), faults: [] };
  const root = parseXml(files.get(entry), entry);
  if (root.uri !== WSDL || root.local !== 'definitions') {
    throw root.fault(
      root.local === 'description'
        ? 'WSDL 1.1 is read, this is version 2.0'
        : `it is no WSDL: its element is ${root.local}, not definitions`,
    );
  }
  addRoot(root, entry, undefined, state);
  if (state.faults.length > 0) throw new Faults(state.faults);
  return { tables, missing: [...state.missing] };
}

function addRoot(root, file, namespace, state) {
  if (root.uri === WSDL && root.local === 'definitions') addDefinitions(root, file, state);
  else if (root.uri === XSD && root.local === 'schema') addSchema(root, file, namespace, state);
  else state.faults.push(root.fault(`it is neither a WSDL nor a schema: its element is ${root.local}`));
}

function addDefinitions(root, file, state) {
  const namespace = root.get('targetNamespace') ?? '';
  for (const kind of DEFINITIONS) {
    for (const element of root.all(WSDL, kind))
      state.tables[kind].set(qualified(namespace, element.get('name') ?? ''), element);
  }
  for (const types of root.all(WSDL, 'types')) {
    for (const schema of types.all(XSD, 'schema')) addSchema(schema, file, undefined, state);
  }
  for (const element of root.all(WSDL, 'import')) follow(element, element.get('location'), file, undefined, state);
}

// A schema without a namespace that is included takes that of whoever includes it.
function addSchema(schema, file, including, state) {
  const namespace = schema.get('targetNamespace') ?? including ?? '';
  for (const kind of COMPONENTS) {
    for (const element of schema.all(XSD, kind)) {
      const name = qualified(namespace, element.get('name') ?? '');
      if (!state.tables[kind].has(name)) state.tables[kind].set(name, { element, schema, namespace });
    }
  }
  for (const element of schema.all(XSD, 'include', 'redefine'))
    follow(element, element.get('schemaLocation'), file, namespace, state);
  for (const element of schema.all(XSD, 'import'))
    follow(element, element.get('schemaLocation'), file, undefined, state);
}

function follow(element, location, file, namespace, state) {
  if (location === undefined) return; // its components are elsewhere, or are built in
  const target = targetOf(file, location) || file;
  const key = JSON.stringify([target, namespace]);
  if (state.seen.has(key) || target === file) return;
  state.seen.add(key);
  if (state.seen.size > LIMITS.files) throw new Fault(`more than ${LIMITS.files} files are imported`);
  // Well-known schemas are imported by their address; what they define is rarely used, and missed where it is.
  if (REMOTE.test(target) && !state.allowsRemote && !state.files.has(target)) return;
  const complaint = complaintAbout(target, state.files, state.allowsRemote, state.missing);
  if (complaint === '') return;
  if (complaint !== null) {
    state.faults.push(element.fault(`the import of ${location} ${complaint}`));
    return;
  }
  addRoot(parseXml(state.files.get(target), target), target, namespace, state);
}
