// JSON or YAML text to a value that is as if it came from JSON, within limits. YAML is read as src/training reads it:
// core schema of YAML 1.2, `<<` and aliases, no key twice.
import { CORE_SCHEMA, YAMLException, load, mergeTag } from 'js-yaml';
import { Fault } from './fault.mjs';
import { checkSize, parseJson } from './json-text.mjs';
import { LIMITS } from './limits.mjs';

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

export function parseDocument(text, file) {
  try {
    if (/^\uFEFF?\s*[{[]/.test(text) && !/\.ya?ml$/i.test(file)) return parseJson(text, LIMITS.documentDepth);
    return parseYaml(text);
  } catch (error) {
    throw error instanceof Fault ? error.in(file) : error;
  }
}

function parseYaml(text) {
  let value;
  try {
    value = load(text, { schema: SCHEMA, maxDepth: LIMITS.documentDepth });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { line, column } = error.mark ?? {};
    throw new Fault(
      `it is not YAML: ${error.reason}`,
      line === undefined ? {} : { line: line + 1, column: column + 1 },
    );
  }
  checkSize(value, { depthMax: LIMITS.documentDepth, valuesMax: LIMITS.yamlValues });
  // An alias is the same value in several places; whoever rewrites one place must not change the others.
  return JSON.parse(JSON.stringify(value ?? null));
}
