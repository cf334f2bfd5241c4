// Simple types of XML Schema as JSON Schema.
import { XSD } from './wsdl-files.mjs';
import { localOf, uriOf } from './xml-tree.mjs';

const integer = (minimum, maximum) => ({
  type: 'integer',
  ...(minimum === undefined ? {} : { minimum }),
  ...(maximum === undefined ? {} : { maximum }),
});

const BUILT_IN = {
  boolean: { type: 'boolean' },
  decimal: { type: 'number' },
  float: { type: 'number' },
  double: { type: 'number' },
  integer: integer(),
  long: integer(),
  int: integer(-(2 ** 31), 2 ** 31 - 1),
  short: integer(-(2 ** 15), 2 ** 15 - 1),
  byte: integer(-128, 127),
  nonNegativeInteger: integer(0),
  positiveInteger: integer(1),
  nonPositiveInteger: integer(undefined, 0),
  negativeInteger: integer(undefined, -1),
  unsignedLong: integer(0),
  unsignedInt: integer(0, 2 ** 32 - 1),
  unsignedShort: integer(0, 2 ** 16 - 1),
  unsignedByte: integer(0, 255),
  base64Binary: { type: 'string', contentEncoding: 'base64' },
  anyType: {},
};
const DERIVATIONS_MAX = 32;
// Parts of XML Schema's patterns that other engines read otherwise or not at all.
const FOREIGN_PATTERN = /\\[icICpP]|-\[|[\^$]|\(\?/;

// `find(kind, name)` looks up a component. Undefined for a type that is not simple.
export function simpleType(name, find, derivations = 0) {
  if (uriOf(name) === XSD) return Object.hasOwn(BUILT_IN, localOf(name)) ? BUILT_IN[localOf(name)] : { type: 'string' };
  const component = find('simpleType', name);
  return component && simpleContent(component.element, find, derivations + 1);
}

// Of a `simpleType` element.
export function simpleContent(element, find, derivations = 0) {
  if (derivations > DERIVATIONS_MAX) throw element.fault(`a type is derived in more than ${DERIVATIONS_MAX} steps`);
  const restriction = element.first(XSD, 'restriction');
  if (!restriction) return { type: 'string' }; // lists and unions are text
  const inner = restriction.first(XSD, 'simpleType');
  const base = inner
    ? simpleContent(inner, find, derivations + 1)
    : simpleType(restriction.nameIn('base') ?? '{}', find, derivations);
  return withFacets(base ?? { type: 'string' }, restriction);
}

export function withFacets(base, restriction) {
  const schema = { ...base };
  const facet = (name) => restriction.first(XSD, name)?.get('value');
  const values = restriction.all(XSD, 'enumeration').map((element) => valueOf(element.get('value') ?? '', base));
  if (values.length > 0) schema.enum = [...new Set(values)];
  const numbers = {
    minInclusive: 'minimum',
    maxInclusive: 'maximum',
    minExclusive: 'exclusiveMinimum',
    maxExclusive: 'exclusiveMaximum',
  };
  if (base.type === 'integer' || base.type === 'number') {
    for (const [name, keyword] of Object.entries(numbers)) setNumber(schema, keyword, facet(name));
  } else if (base.type === 'string') {
    setNumber(schema, 'minLength', facet('minLength') ?? facet('length'));
    setNumber(schema, 'maxLength', facet('maxLength') ?? facet('length'));
    const pattern = facet('pattern');
    const isOnly = restriction.all(XSD, 'pattern').length === 1;
    if (isOnly && !FOREIGN_PATTERN.test(pattern)) schema.pattern = `^(?:${pattern})$`;
  }
  return schema;
}

// A default, a fixed value or one of an enumeration.
export function valueOf(text, { type }) {
  if (type === 'boolean') return text === 'true' || text === '1';
  const isNumber = (type === 'integer' || type === 'number') && text.trim() !== '' && Number.isFinite(Number(text));
  return isNumber ? Number(text) : text;
}

function setNumber(schema, keyword, text) {
  if (text !== undefined && text.trim() !== '' && Number.isFinite(Number(text))) schema[keyword] = Number(text);
}
