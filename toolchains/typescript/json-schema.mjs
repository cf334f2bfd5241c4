// The forms of JSON Schema that types are written as, and how several become one.

/** True for a schema that accepts everything: it says nothing, or only what it is called. */
export function isUnconstrained(schema) {
  return Object.keys(schema).every((key) => key === 'title' || key === 'description');
}

/** What any of the schemas accepts, in the shortest form: constants as one enum, plain types as one list. */
export function unionOf(schemas) {
  if (schemas.some(isUnconstrained)) return {};
  let constants = distinct(schemas.filter(isConstant).map((schema) => schema.const));
  let types = distinct(schemas.filter(isPlainType).map((schema) => schema.type));
  types = [...types.filter((name) => name !== 'null'), ...types.filter((name) => name === 'null')];
  if (constants.includes(true) && constants.includes(false)) {
    constants = constants.filter((value) => typeof value !== 'boolean');
    types = ['boolean', ...types];
  }
  const isNullableEnumeration = constants.length > 0 && types.length === 1 && types[0] === 'null';
  if (isNullableEnumeration) {
    constants = [...constants, null];
    types = [];
  }
  const alternatives = [
    ...(constants.length > 0 ? [enumeration(constants)] : []),
    ...(types.length > 0 ? [{ type: oneOrList(types) }] : []),
    ...distinctSchemas(schemas.filter((schema) => !isConstant(schema) && !isPlainType(schema))),
  ];
  if (alternatives.length === 0) return { type: 'null' };
  return alternatives.length === 1 ? alternatives[0] : { anyOf: alternatives };
}

/**
 * A list whose first elements have a schema each. `prefixItems` is for readers of 2020-12, the equally
 * true `items` for those of draft-07.
 */
export function tupleOf(elements, { least, most, prefixLength }) {
  if (elements.length === 0) return { type: 'array', maxItems: 0 };
  const kinds = distinctSchemas(elements);
  const anyElement = kinds.length === 1 ? kinds[0] : { anyOf: kinds };
  return {
    type: 'array',
    minItems: least,
    ...(prefixLength > 0 && { prefixItems: elements.slice(0, prefixLength) }),
    items: kinds.some(isUnconstrained) ? {} : anyElement,
    ...(most !== undefined && { maxItems: most }),
  };
}

function isPlainType(schema) {
  return typeof schema.type === 'string' && Object.keys(schema).length === 1;
}

function isConstant(schema) {
  return 'const' in schema && Object.keys(schema).every((key) => key === 'const' || key === 'type');
}

/** One of some strings, numbers, booleans and null. */
export function enumeration(values) {
  const types = distinct(values.map((value) => (value === null ? 'null' : typeof value)));
  return { type: oneOrList(types), ...(values.length === 1 ? { const: values[0] } : { enum: values }) };
}

function oneOrList(values) {
  return values.length === 1 ? values[0] : values;
}

function distinct(values) {
  return [...new Set(values)];
}

function distinctSchemas(schemas) {
  return [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
}
