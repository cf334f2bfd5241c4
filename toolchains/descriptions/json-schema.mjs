// Pieces of JSON Schema that several readers write.

export function described({ description }) {
  return description ? { description } : {};
}

export function orNull(schema) {
  if (schema.anyOf) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  if (typeof schema.type === 'string')
    return { ...schema, type: [schema.type, 'null'], ...(schema.enum ? { enum: [...schema.enum, null] } : {}) };
  return Object.keys(schema).some((key) => key !== 'description') ? { anyOf: [schema, { type: 'null' }] } : schema;
}

// A schema of the catalog, by its name.
export function reference(context, name) {
  return { 'x-poly-ref': { path: context === '' ? name : `${context}.${name}` } };
}
