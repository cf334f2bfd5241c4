// The schema of a GraphQL service, from SDL (one file or several) or from the answer to the introspection query.
import {
  GraphQLError,
  KnownDirectivesRule,
  Source,
  UniqueFieldDefinitionNamesRule,
  buildASTSchema,
  buildClientSchema,
  concatAST,
  parse,
  validateSchema,
} from 'graphql';
import { specifiedSDLRules } from 'graphql/validation/specifiedRules.js';
import { validateSDL } from 'graphql/validation/validate.js';
import { Fault, Faults } from './fault.mjs';
import { parseJson } from './json-text.mjs';
import { LIMITS } from './limits.mjs';

// Directives of federations and clouds are rarely declared, and mean nothing to a caller.
const RULES = specifiedSDLRules.filter(
  (rule) => rule !== KnownDirectivesRule && rule !== UniqueFieldDefinitionNamesRule,
);

export function loadSchema(files, entry, remarks) {
  const text = files.get(entry);
  try {
    const schema = /^\uFEFF?\s*\{\s*"/.test(text) ? fromIntrospection(text) : fromDefinitions(files, entry, remarks);
    refuse(validateSchema(schema), entry);
    return schema;
  } catch (error) {
    if (error instanceof GraphQLError) throw faultOf(error, entry);
    if (error instanceof Fault || error instanceof Faults || error instanceof RangeError) throw error;
    throw new Fault(`it is no schema of GraphQL: ${error.message}`);
  }
}

function fromIntrospection(text) {
  const answer = parseJson(text, LIMITS.depth);
  const result = answer.__schema ? answer : answer.data;
  if (!result?.__schema) throw new Fault('it is no answer to the introspection query: `data.__schema` must be there');
  return buildClientSchema(result);
}

function fromDefinitions(files, entry, remarks) {
  const paths = [entry, ...[...files.keys()].filter((path) => path !== entry).sort()];
  const documents = paths.map((path) => parse(new Source(files.get(path), path), { maxTokens: LIMITS.tokens }));
  const document = concatAST(documents);
  refuse(validateSDL(document, undefined, RULES), entry);
  // Of a field that stands twice, as in GitHub's schema, the last one counts.
  for (const { message } of validateSDL(document, undefined, [UniqueFieldDefinitionNamesRule]))
    remarks.add('*', entry, message);
  return buildASTSchema(document, { assumeValidSDL: true });
}

function refuse(errors, entry) {
  if (errors.length > 0) throw new Faults(errors.map((error) => faultOf(error, entry)));
}

function faultOf(error, entry) {
  const [place] = error.locations ?? [];
  return new Fault(error.message, { file: error.source?.name ?? entry, ...place });
}
