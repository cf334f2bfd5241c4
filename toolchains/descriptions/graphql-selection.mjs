// What is asked of a field's type, and the type of what is then answered: docs/training-sources.md has the rule.
import { getNamedType, isAbstractType, isLeafType, isRequiredArgument, isUnionType } from 'graphql';
import { isDeprecated } from './graphql-types.mjs';
import { described } from './json-schema.mjs';

const FIELDS_MAX = 400; // of one query that goes deeper than one object
const FRAGMENTS_MAX = 20; // of one interface or union

class TooMany extends Error {}

// {text, schemaOf, depth}: `text` is ` { id name }`, or '' for a scalar; `schemaOf` is the answer's type inside lists.
// The deepest selection of at most `depth` objects below each other that has few enough fields.
export function selectionOf(schema, types, type, depth) {
  for (let tried = depth; ; tried -= 1) {
    try {
      return {
        ...new Selector(schema, types, tried > 1 ? FIELDS_MAX : Infinity).select(type, tried, new Set()),
        depth: tried,
      };
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
    }
  }
}

class Selector {
  #schema;
  #types;
  #fieldsLeft;

  constructor(schema, types, fieldsMax) {
    this.#schema = schema;
    this.#types = types;
    this.#fieldsLeft = fieldsMax;
  }

  // `above` are the types that this one is inside of: none of them is entered again.
  select(type, depth, above) {
    if (isLeafType(type)) return { text: '', schema: this.#types.leaf(type) };
    const inside = new Set(above).add(type);
    return isAbstractType(type) ? this.#abstract(type, depth, inside) : this.#object(type, depth, inside);
  }

  #object(type, depth, inside) {
    const members = this.#members(type, depth, inside);
    if (members.length === 0) members.push(typename([type]));
    return { text: ` { ${textOf(members)} }`, schema: objectOf(members, type) };
  }

  #abstract(type, depth, inside) {
    const possible = this.#schema.getPossibleTypes(type);
    const shared = isUnionType(type) ? [] : this.#members(type, depth, inside);
    const sharedNames = new Set(isUnionType(type) ? [] : Object.keys(type.getFields()));
    const namesOf = responseNames(possible, sharedNames);
    const variants = possible.slice(0, FRAGMENTS_MAX).map((concrete) => {
      const own = this.#members(concrete, depth, new Set(inside).add(concrete), sharedNames, namesOf.get(concrete));
      return { concrete, own };
    });
    const fragments = variants
      .filter(({ own }) => own.length > 0)
      .map(({ concrete, own }) => `... on ${concrete.name} { ${textOf(own)} }`);
    const schemas = variants.map(({ concrete, own }) => objectOf([typename([concrete]), ...shared, ...own], concrete));
    const others = possible.slice(FRAGMENTS_MAX);
    if (others.length > 0 || schemas.length === 0) schemas.push(objectOf([typename(others), ...shared], type));
    const text = [textOf([typename(possible), ...shared]), ...fragments].join(' ');
    return { text: ` { ${text} }`, schema: schemas.length === 1 ? schemas[0] : { anyOf: schemas, ...described(type) } };
  }

  // [{text, name, schema, description}] of the fields that can be asked without arguments and are not deprecated.
  #members(type, depth, inside, without = new Set(), responseName = new Map()) {
    const members = [];
    for (const field of Object.values(type.getFields())) {
      const inner = getNamedType(field.type);
      const canBeAsked = !without.has(field.name) && !isDeprecated(field) && !field.args.some(isRequiredArgument);
      if (!canBeAsked || (!isLeafType(inner) && (depth === 1 || inside.has(inner)))) continue;
      if (this.#fieldsLeft === 0) throw new TooMany();
      this.#fieldsLeft -= 1;
      const selected = this.select(inner, depth - 1, inside);
      const name = responseName.get(field.name) ?? field.name;
      members.push({
        name,
        text: `${name === field.name ? '' : `${name}: `}${field.name}${selected.text}`,
        schema: { ...this.#types.output(field.type, () => selected.schema), ...described(field) },
      });
    }
    return members;
  }
}

// Fields of one name that differ in type cannot both be answered under it: the later ones get a name with their type's.
function responseNames(possible, shared) {
  const known = new Map();
  const renamed = new Map();
  for (const type of possible) {
    const own = new Map();
    for (const field of Object.values(type.getFields())) {
      if (shared.has(field.name)) continue;
      const written = String(field.type);
      if (!known.has(field.name)) known.set(field.name, written);
      else if (known.get(field.name) !== written) own.set(field.name, `${field.name}Of${type.name}`);
    }
    renamed.set(type, own);
  }
  return renamed;
}

function typename(types) {
  return {
    name: '__typename',
    text: '__typename',
    schema: types.length > 0 ? { type: 'string', enum: types.map(({ name }) => name) } : { type: 'string' },
  };
}

function textOf(members) {
  return members.map(({ text }) => text).join(' ');
}

function objectOf(members, type) {
  return {
    type: 'object',
    ...described(type),
    properties: Object.fromEntries(members.map(({ name, schema }) => [name, schema])),
    required: members.map(({ name }) => name),
  };
}
