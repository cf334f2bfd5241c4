// Checks answers with ajv against the result types of the functions that gave them.
// In: {"schemas": {path: schema}, "answers": [{"function", "schema", "data"}]}.
// Out: [{"function", "faults"}], of the answers that do not fit.
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

const require = createRequire(process.argv[2]);
const Ajv = require('ajv/dist/2020').default;
const addFormats = require('ajv-formats').default;

// References by catalog path become references by the $id that each schema is known to ajv as.
function linked(value) {
  if (Array.isArray(value)) return value.map(linked);
  if (value === null || typeof value !== 'object') return value;
  const reference = value['x-poly-ref'];
  if (typeof reference?.path === 'string') return { $ref: `poly:${reference.path}` };
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, linked(member)]));
}

const { schemas, answers } = JSON.parse(await text(process.stdin));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
for (const [path, schema] of Object.entries(schemas)) ajv.addSchema(linked(schema), `poly:${path}`);

const bad = [];
for (const { function: name, schema, data } of answers) {
  const check = ajv.compile(linked(schema));
  if (!check(data)) bad.push({ function: name, faults: check.errors.map((e) => `${e.instancePath} ${e.message}`) });
}
process.stdout.write(JSON.stringify(bad));
