// Types of GraphQL as JSON Schema. Enums and input objects have names of their own, so they become schemas of the
// catalog, once, and are referred to.
import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import { described, orNull, reference } from './json-schema.mjs';
import { NameBook, pascalCase } from './names.mjs';

const SCALARS = {
  Int: { type: 'integer' },
  Float: { type: 'number' },
  String: { type: 'string' },
  ID: { type: 'string' },
  Boolean: { type: 'boolean' },
  DateTime: { type: 'string', format: 'date-time' },
  Date: { type: 'string', format: 'date' },
  Time: { type: 'string', format: 'time' },
  UUID: { type: 'string', format: 'uuid' },
  URI: { type: 'string', format: 'uri' },
  URL: { type: 'string', format: 'uri' },
  Email: { type: 'string', format: 'email' },
  EmailAddress: { type: 'string', format: 'email' },
};

export class GraphQLTypes {
  #context;
  #names = new NameBook();
  #schemas = new Map(); // by the name of the type

  constructor(context) {
    this.#context = context;
  }

  // Of a type that a caller gives: null where GraphQL allows it.
  input(type) {
    return this.#wrapped(type, (named) => this.#named(named));
  }

  // Of a type that is answered; `named` gives the schema of what is inside lists.
  output(type, named) {
    return this.#wrapped(type, named);
  }

  // Scalars and enums.
  leaf(type) {
    return isEnumType(type) ? this.#named(type) : scalar(type);
  }

  list() {
    return Array.from(this.#schemas.values(), ({ name, description, definition }) => ({
      name,
      context: this.#context,
      description,
      definition,
    }));
  }

  #wrapped(type, named) {
    if (!isNonNullType(type)) return orNull(this.#present(getNullableType(type), named));
    return this.#present(type.ofType, named);
  }

  #present(type, named) {
    return isListType(type) ? { type: 'array', items: this.#wrapped(type.ofType, named) } : named(type);
  }

  #named(type) {
    if (!isEnumType(type) && !isInputObjectType(type)) return scalar(type);
    if (!this.#schemas.has(type.name)) {
      const entry = { name: this.#names.claim(pascalCase(type.name)), description: type.description ?? '' };
      this.#schemas.set(type.name, entry); // before its fields, which may refer to it
      entry.definition = isEnumType(type) ? enumeration(type) : this.#inputObject(type);
    }
    return reference(this.#context, this.#schemas.get(type.name).name);
  }

  #inputObject(type) {
    const fields = Object.values(type.getFields());
    return {
      type: 'object',
      ...described(type),
      properties: Object.fromEntries(
        fields.map((field) => [field.name, { ...this.input(field.type), ...described(field) }]),
      ),
      required: fields.filter(isRequiredInputField).map(({ name }) => name),
      additionalProperties: false,
      ...(type.isOneOf ? { minProperties: 1, maxProperties: 1 } : {}),
    };
  }
}

// Undefined in a schema of SDL, null in one of an introspection.
export function isDeprecated({ deprecationReason }) {
  return typeof deprecationReason === 'string';
}

// A scalar that the schema declares may be any JSON.
function scalar(type) {
  return Object.hasOwn(SCALARS, type.name) ? SCALARS[type.name] : { description: `The scalar ${type.name}.` };
}

function enumeration(type) {
  return { type: 'string', ...described(type), enum: type.getValues().map(({ name }) => name) };
}
