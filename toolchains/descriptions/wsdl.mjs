// A WSDL 1.1 becomes functions, one for each operation of its SOAP 1.1 services (document/literal): `{"title", "functions",
// "schemas", "warnings"}` of README.md.
import { endpointOf } from './endpoint.mjs';
import { Fault } from './fault.mjs';
import { LIMITS } from './limits.mjs';
import { camelCase } from './names.mjs';
import { contextOf } from './options.mjs';
import { Remarks } from './remarks.mjs';
import { envelopeOf } from './soap-envelope.mjs';
import { WSDL, gatherWsdl } from './wsdl-files.mjs';
import { localOf } from './xml-tree.mjs';
import { XsdTypes } from './xsd-types.mjs';

const SOAP = 'http://schemas.xmlsoap.org/wsdl/soap/';

export function read(files, entry, options) {
  const { tables, missing } = gatherWsdl(files, entry, options.allowRemoteReferences === true);
  if (missing.length > 0) return { missing };
  const context = contextOf(options);
  const remarks = new Remarks();
  const types = new XsdTypes(tables, context, remarks);
  const services = [...tables.service].map(([name, element]) => ({ name: localOf(name), element }));
  const functions = [];
  for (const { name, element } of services) {
    const below = services.length > 1 ? [context, camelCase(name)].filter((part) => part !== '').join('.') : context;
    for (const port of portsOf(element, tables, remarks))
      functions.push(...functionsOf(port, below, { tables, types, remarks, options }));
  }
  if (functions.length > LIMITS.entries) throw new Fault(`the service has more than ${LIMITS.entries} operations`);
  return { title: services[0]?.name ?? 'SOAP', functions, schemas: types.list(), warnings: remarks.list() };
}

// The ports that speak SOAP 1.1, each binding once: [{binding, address}].
function portsOf(service, tables, remarks) {
  const ports = [];
  const known = new Set();
  for (const port of service.all(WSDL, 'port')) {
    const binding = tables.binding.get(port.nameIn('binding') ?? '{}');
    const remark = (reason) => remarks.add('*', port.get('name') ?? 'port', reason);
    if (!binding) remark('its binding is not described');
    else if (!binding.first(SOAP, 'binding')) remark('it does not speak SOAP 1.1');
    else if (!known.has(binding)) ports.push({ binding, address: port.first(SOAP, 'address')?.get('location') ?? '' });
    known.add(binding);
  }
  return ports;
}

function functionsOf({ binding, address }, context, reader) {
  const portType = reader.tables.portType.get(binding.nameIn('type') ?? '{}');
  if (!portType) throw binding.fault('the port type of the binding is not described');
  const functions = [];
  for (const operation of binding.all(WSDL, 'operation')) {
    const name = operation.get('name') ?? '';
    try {
      const described = portType.all(WSDL, 'operation').find((candidate) => candidate.get('name') === name);
      if (!described) throw operation.fault('the port type has no such operation');
      functions.push(functionOf(name, { binding, operation, described, address, context }, reader));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { file, line } = error.place;
      reader.remarks.add('POST', name, `it is left out: ${file}:${line}: ${error.message}`);
    }
  }
  return functions;
}

function functionOf(name, { binding, operation, described, address, context }, { tables, types, remarks, options }) {
  const soapOperation = operation.first(SOAP, 'operation');
  const style = soapOperation?.get('style') ?? binding.first(SOAP, 'binding').get('style') ?? 'document';
  if (style !== 'document') throw operation.fault(`the style ${style} is not read, document is`);
  for (const direction of ['input', 'output']) {
    const body = operation.first(WSDL, direction)?.first(SOAP, 'body');
    if (body && (body.get('use') ?? 'literal') !== 'literal')
      throw operation.fault('encoded messages are not read, literal ones are');
    if (operation.first(WSDL, direction)?.first(SOAP, 'header'))
      remarks.add('POST', name, `the SOAP header of its ${direction} is left out`);
  }
  const endpoint = endpointOf(options, /^https?:\/\//i.test(address) ? address : '');
  const input = messageElement(described.first(WSDL, 'input'), tables, types, operation);
  const output = messageElement(described.first(WSDL, 'output'), tables, types, operation);
  const envelope = envelopeOf(input, endpoint.arguments);
  return {
    name: camelCase(name),
    context,
    description: documentationOf(described),
    arguments: [...endpoint.arguments, ...envelope.arguments],
    source: {
      url: endpoint.url,
      method: 'POST',
      headers: [
        { key: 'Content-Type', value: 'text/xml; charset=utf-8' },
        { key: 'Accept', value: 'text/xml' },
        { key: 'SOAPAction', value: `"${soapOperation?.get('soapAction') ?? ''}"` },
      ],
      body: { mode: 'raw', language: 'xml', raw: envelope.text },
    },
    ...(described.first(WSDL, 'output')
      ? { returnType: 'object', returnTypeSchema: output ? rootOf(output) : { type: 'object' } }
      : { returnType: 'void' }),
    otherReturnTypes: [{ statusCode: '500', type: 'object', schema: faultOf(described, tables, types, operation) }],
    apiType: 'rest',
  };
}

// The element that a message is, of its one part; undefined for an empty one.
function messageElement(direction, tables, types, operation) {
  if (!direction) return undefined;
  const message = tables.message.get(direction.nameIn('message') ?? '{}');
  if (!message) throw direction.fault('its message is not described');
  const parts = message
    .all(WSDL, 'part')
    .filter((part) => part.get('element') !== undefined || part.get('type') !== undefined);
  if (parts.length === 0) return undefined;
  const [part] = parts;
  if (part.get('element') === undefined)
    throw part.fault('its part is a type; in document style it must be an element');
  if (parts.length > 1 && direction.local !== 'fault') throw operation.fault('a message of several parts is not read');
  const element = types.global(part.nameIn('element'));
  if (!element) throw part.fault(`the element ${part.get('element')} is not described`);
  return element;
}

function rootOf({ schema, namespace, name }) {
  return { ...schema, xml: { name, ...(namespace === '' ? {} : { namespace }) } };
}

function faultOf(described, tables, types, operation) {
  const details = described
    .all(WSDL, 'fault')
    .map((fault) => messageElement(fault, tables, types, operation))
    .filter(Boolean);
  const properties = details.map((element) => [
    element.name,
    { ...element.schema, ...(element.namespace === '' ? {} : { xml: { namespace: element.namespace } }) },
  ]);
  return {
    type: 'object',
    properties: {
      faultcode: { type: 'string' },
      faultstring: { type: 'string' },
      faultactor: { type: 'string' },
      detail: { type: 'object', properties: Object.fromEntries(properties) },
    },
    required: ['faultcode', 'faultstring'],
    xml: { name: 'Fault', namespace: 'http://schemas.xmlsoap.org/soap/envelope/' },
  };
}

function documentationOf(element) {
  return element.first(WSDL, 'documentation')?.text.replace(/\s+/g, ' ').trim() ?? '';
}
