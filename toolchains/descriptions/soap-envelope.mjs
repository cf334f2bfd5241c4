// The envelope that a SOAP 1.1 operation is called with, and the arguments that fill it: one for each element when they are
// all required and plain values, else one, `body`, which is the request element as an object.
import { NameBook, camelCase, hole } from './names.mjs';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const BODY = 'body';

// `element` is {schema, namespace, name} or undefined; `others` are arguments that are there already.
export function envelopeOf(element, others) {
  if (!element) return { text: enveloped(''), arguments: [] };
  const names = new NameBook(others.map(({ name }) => name));
  const { open, close } = tagsOf(element);
  if (isPlain(element.schema)) {
    const argument = argumentOf({ name: names.claim(BODY), schema: element.schema });
    return { text: enveloped(`<${open}>${hole(argument.name)}</${close}>`), arguments: [argument] };
  }
  const members = Object.entries(element.schema.properties ?? {});
  const isFlat =
    element.schema.type === 'object' &&
    members.every(([key, schema]) => isPlain(schema) && element.schema.required.includes(key));
  if (!isFlat) {
    const name = names.claim(BODY);
    const xml = { name: element.name, ...(element.namespace === '' ? {} : { namespace: element.namespace }) };
    const argument = {
      name,
      required: true,
      type: element.schema.type ?? 'any',
      typeSchema: { ...element.schema, xml },
    };
    return { text: enveloped(hole(name)), arguments: [argument] };
  }
  const given = members.map(([key, schema]) => ({ key, schema, name: names.claim(camelCase(key)) }));
  const children = given.map(({ key, schema, name }) =>
    childOf(schema.xml?.name ?? key, schema.xml?.namespace, element.namespace, name),
  );
  return { text: enveloped(`<${open}>${children.join('')}</${close}>`), arguments: given.map(argumentOf) };
}

// The prefix keeps the namespace from elements inside that have none.
function tagsOf({ name, namespace }) {
  if (namespace === '') return { open: name, close: name };
  return { open: `m:${name} xmlns:m="${escaped(namespace)}"`, close: `m:${name}` };
}

function childOf(name, namespace, ofRoot, argument) {
  if (namespace === undefined) return `<${name}>${hole(argument)}</${name}>`;
  if (namespace === ofRoot) return `<m:${name}>${hole(argument)}</m:${name}>`;
  return `<n:${name} xmlns:n="${escaped(namespace)}">${hole(argument)}</n:${name}>`;
}

function isPlain(schema) {
  return (
    ['string', 'integer', 'number', 'boolean'].includes(schema.type) && !schema.xml?.attribute && !schema.xml?.text
  );
}

function argumentOf({ name, schema: { xml, description, ...schema } }) {
  const saysAll = Object.keys(schema).length === 1;
  return {
    name,
    ...(description ? { description } : {}),
    required: true,
    type: schema.type,
    ...(saysAll ? {} : { typeSchema: schema }),
  };
}

function enveloped(content) {
  return `<soap:Envelope xmlns:soap="${ENVELOPE}"><soap:Body>${content}</soap:Body></soap:Envelope>`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
