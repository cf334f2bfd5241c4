// A GraphQL service for tests: each line on standard input is {schema, query, variables, answers}, each line on standard
// output what the service says. Values are made up; `answers` says for each round whether nullable ones are null, and
// which type of a union is taken.
import readline from 'node:readline';
import {
  buildSchema,
  getNullableType,
  graphql,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

const SCALARS = { Int: 7, Float: 0.5, String: 'text', ID: 'id', Boolean: true, DateTime: '2024-05-01T10:00:00Z' };

function made(type, schema, { isNull, pick }) {
  if (!isNonNullType(type) && isNull) return null;
  const plain = getNullableType(type);
  if (isListType(plain)) return [0, 1].map((offset) => made(plain.ofType, schema, { isNull, pick: pick + offset }));
  if (isEnumType(plain)) return plain.getValues()[0].value;
  if (isObjectType(plain)) return { type: plain.name };
  if (!isAbstractType(plain)) return Object.hasOwn(SCALARS, plain.name) ? SCALARS[plain.name] : { any: 1 };
  const possible = schema.getPossibleTypes(plain);
  return { type: possible[pick % possible.length].name };
}

async function serve({ schema: text, query, variables, answers }) {
  const schema = buildSchema(text);
  const fieldResolver = (_source, _args, _context, { returnType }) => made(returnType, schema, answers);
  const typeResolver = ({ type }) => type;
  return graphql({ schema, source: query, variableValues: variables, fieldResolver, typeResolver });
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await serve(JSON.parse(line)))}\n`);
}
