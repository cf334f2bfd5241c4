// A schema of GraphQL becomes functions, one for each field of its queries and mutations: `{"title", "functions",
// "schemas", "warnings"}` of README.md.
import {
  GraphQLNonNull,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isRequiredArgument,
} from 'graphql';
import { endpointOf } from './endpoint.mjs';
import { Fault } from './fault.mjs';
import { loadSchema } from './graphql-schema.mjs';
import { selectionOf } from './graphql-selection.mjs';
import { GraphQLTypes, isDeprecated } from './graphql-types.mjs';
import { LIMITS } from './limits.mjs';
import { NameBook, camelCase, hole } from './names.mjs';
import { Remarks } from './remarks.mjs';
import { contextOf, depthOf } from './options.mjs';

const DEPTH_DEFAULT = 3;
const DEPTH_MAX = 6;
const ERRORS = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      message: { type: 'string' },
      locations: {
        type: 'array',
        items: {
          type: 'object',
          properties: { line: { type: 'integer' }, column: { type: 'integer' } },
          required: ['line', 'column'],
        },
      },
      path: { type: 'array', items: { type: ['string', 'integer'] } },
      extensions: { type: 'object' },
    },
    required: ['message'],
  },
};

export function read(files, entry, options) {
  const remarks = new Remarks();
  const schema = loadSchema(files, entry, remarks);
  const context = contextOf(options);
  const maker = {
    schema,
    types: new GraphQLTypes(context),
    depth: depthOf(options, DEPTH_DEFAULT, DEPTH_MAX),
    endpoint: endpointOf(options),
    remarks,
  };
  const operations = [
    ...fieldsOf(schema.getQueryType()).map((field) => ['query', field]),
    ...fieldsOf(schema.getMutationType()).map((field) => ['mutation', field]),
  ];
  if (operations.length > LIMITS.entries)
    throw new Fault(`the schema has more than ${LIMITS.entries} queries and mutations`);
  const functions = operations.map(([kind, field]) => functionOf(kind, field, context, maker));
  if (schema.getSubscriptionType()) remarks.add('*', 'subscription', 'subscriptions are no functions');
  return { title: 'GraphQL', functions, schemas: maker.types.list(), warnings: remarks.list() };
}

function fieldsOf(type) {
  return type ? Object.values(type.getFields()).filter(({ name }) => !name.startsWith('__')) : [];
}

function functionOf(kind, field, context, { schema, types, depth, endpoint, remarks }) {
  const names = new NameBook(endpoint.arguments.map(({ name }) => name));
  const args = [...field.args].sort((one, other) => isRequiredArgument(other) - isRequiredArgument(one));
  const given = args.map((arg) => ({ arg, name: names.claim(camelCase(arg.name)) }));
  const selection = selectionOf(schema, types, getNamedType(field.type), depth);
  if (selection.depth < depth)
    remarks.add(
      'POST',
      `${kind}.${field.name}`,
      `it is asked for ${selection.depth} instead of ${depth} objects below each other, which would be too many fields`,
    );
  const query = queryOf(kind, field, selection.text);
  const variables = given.map(({ arg, name }) => `${JSON.stringify(arg.name)}:${hole(name)}`).join(',');
  return {
    name: camelCase(field.name),
    context: context === '' ? kind : `${context}.${kind}`,
    description: field.description ?? '',
    ...(isDeprecated(field) ? { state: 'DEPRECATED' } : {}),
    arguments: [...endpoint.arguments, ...given.map(({ arg, name }) => argumentOf(arg, name, types))],
    source: {
      url: endpoint.url,
      method: 'POST',
      headers: [],
      body: { mode: 'raw', language: 'json', raw: `{"query":${JSON.stringify(query)},"variables":{${variables}}}` },
    },
    returnType: 'object',
    returnTypeSchema: answerOf(
      field,
      types.output(field.type, () => selection.schema),
    ),
    apiType: 'graphql',
  };
}

function queryOf(kind, field, selection) {
  const declared = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  return `${kind} ${field.name}${declared === '' ? '' : `(${declared})`} { ${field.name}${given === '' ? '' : `(${given})`}${selection} }`;
}

// One that may be absent needs no null of its own.
function argumentOf(arg, name, types) {
  const required = isRequiredArgument(arg);
  const schema = types.input(new GraphQLNonNull(getNullableType(arg.type)));
  const saysAll = Object.keys(schema).every((key) => key === 'type');
  return {
    name,
    ...(arg.description ? { description: arg.description } : {}),
    required,
    ...(required ? {} : { removeIfNotPresentOnExecute: true }),
    type: schema.type ?? typeOfNamed(getNullableType(arg.type)),
    ...(saysAll ? {} : { typeSchema: schema }),
  };
}

function typeOfNamed(type) {
  if (isEnumType(type)) return 'string';
  return isInputObjectType(type) ? 'object' : 'any';
}

function answerOf(field, answered) {
  return {
    type: 'object',
    properties: {
      data: { type: ['object', 'null'], properties: { [field.name]: answered }, required: [field.name] },
      errors: ERRORS,
    },
    required: ['data'],
  };
}
