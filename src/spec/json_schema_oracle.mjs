// Prints many random schemas and values with ajv's verdicts: [{schema, cases: [{value, valid}]}] as JSON.
// json_schema_oracle_test.cpp compares our verdicts with these. The choice is random but always the same.
import Ajv from 'ajv/dist/2020.js';

const schemaCount = 400;
const valuesPerSchema = 20;
const schemaDepth = 2;

let state = 20201208;
function random(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
const pick = (choices) => choices[random(choices.length)];
const chance = (percent) => random(100) < percent;
const times = (count, make) => Array.from({ length: count }, make);

const keys = ['a', 'b', 'c', 'dd', 'x-1'];
const texts = ['', 'a', 'ab', 'abc', '12', 'x y', 'é', '😀😀', 'A1_'];
const numbers = [0, 1, -1, 2, 3, 1.5, -2.5, 10, 12, 0.5, 1e3, 4294967296];
const patterns = ['^a', 'b$', '\\d', '^\\w+$', '\\s', '^.{1,2}$', '[^a-c]', '^x-', '(ab|12)'];
const types = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'];

function value(depth) {
  const kind = depth > 0 ? random(9) : random(5);
  if (kind === 0) return pick(texts);
  if (kind === 1) return pick(numbers);
  if (kind === 2) return chance(50);
  if (kind === 3) return null;
  if (kind === 4) return pick(texts);
  if (kind < 7) return times(random(5), () => value(depth - 1));
  return Object.fromEntries(times(random(5), () => [pick(keys), value(depth - 1)]));
}

const schemas = (depth, count) => times(1 + random(count), () => schema(depth));
const named = (depth, names) => Object.fromEntries(times(1 + random(3), () => [pick(names), schema(depth)]));
const keyList = () => [...new Set(times(1 + random(2), () => pick(keys)))];

// Each adds one keyword, or some that belong together.
const plainKeywords = [
  (out) => { out.type = chance(70) ? pick(types) : [...new Set([pick(types), pick(types)])]; },
  (out) => { out.enum = [...new Map(times(1 + random(4), () => value(1)).map((v) => [JSON.stringify(v), v])).values()]; },
  (out) => { out.const = value(1); },
  (out) => { out.minimum = pick(numbers); },
  (out) => { out.maximum = pick(numbers); },
  (out) => { out.exclusiveMinimum = pick(numbers); },
  (out) => { out.exclusiveMaximum = pick(numbers); },
  (out) => { out.multipleOf = pick([1, 2, 3, 0.5, 5]); },
  (out) => { out.minLength = random(4); },
  (out) => { out.maxLength = random(4); },
  (out) => { out.pattern = pick(patterns); },
  (out) => { out.minItems = random(4); },
  (out) => { out.maxItems = random(4); },
  (out) => { out.uniqueItems = chance(80); },
  (out) => { out.minProperties = random(4); },
  (out) => { out.maxProperties = random(4); },
  (out) => { out.required = keyList(); },
  (out) => { out.dependentRequired = { [pick(keys)]: keyList() }; },
];
// Left out because ajv errs there, and tested by hand instead: contains beside prefixItems (an empty array passes), and
// unevaluatedItems (items seen by a branch of oneOf that failed count as evaluated, those of one that fits may not).
const nestedKeywords = [
  (out, depth) => { out.properties = named(depth, keys); },
  (out, depth) => { out.properties = named(depth, keys); out.additionalProperties = chance(50) ? false : schema(depth); },
  (out, depth) => { out.patternProperties = named(depth, patterns); },
  (out, depth) => { out.propertyNames = schema(depth); },
  (out, depth) => { out.items = schema(depth); },
  (out, depth) => { delete out.contains; out.prefixItems = schemas(depth, 3); if (chance(60)) out.items = schema(depth); },
  (out, depth) => { delete out.prefixItems; out.contains = schema(depth); if (chance(40)) out.minContains = random(3); if (chance(40)) out.maxContains = random(3); },
  (out, depth) => { out.allOf = schemas(depth, 2); },
  (out, depth) => { out.anyOf = schemas(depth, 3); },
  (out, depth) => { out.oneOf = schemas(depth, 3); },
  (out, depth) => { out.not = schema(depth); },
  (out, depth) => { out.if = schema(depth); out.then = schema(depth); if (chance(50)) out.else = schema(depth); },
  (out, depth) => { out.dependentSchemas = named(depth, keys); },
  (out) => { out.$ref = `#/$defs/${pick(['one', 'two'])}`; },
  (out, depth) => { out.unevaluatedProperties = chance(60) ? false : schema(depth); },
];

function schema(depth) {
  if (chance(6)) return chance(70);
  const out = {};
  for (let left = 1 + random(3); left > 0; left -= 1) {
    if (depth > 0 && chance(60)) pick(nestedKeywords)(out, depth - 1);
    else pick(plainKeywords)(out);
  }
  return out;
}

// Definitions go down one level before they refer to each other, so that no schema runs in a circle.
function withDefinitions() {
  const out = { ...Object(schema(schemaDepth)) };
  out.$defs = { one: { items: schema(1), properties: { a: { $ref: '#/$defs/two' } } }, two: chance(50) ? { type: pick(types) } : { anyOf: [{ type: 'null' }, { required: ['b'], items: { $ref: '#/$defs/one' } }] } };
  return out;
}

// ajv counts properties seen by patternProperties of a branch that failed as evaluated, or breaks; such a schema says
// nothing about us.
function ajvErrs(candidate) {
  const text = JSON.stringify(candidate);
  return text.includes('unevaluatedProperties') && text.includes('patternProperties');
}

function verdicts(candidate, values) {
  const validate = new Ajv({ strict: false, logger: false }).compile(candidate);
  return values.map((it) => ({ value: it, valid: validate(it) }));
}

const groups = [];
while (groups.length < schemaCount) {
  const candidate = withDefinitions();
  if (ajvErrs(candidate)) continue;
  groups.push({ schema: candidate, cases: verdicts(candidate, times(valuesPerSchema, () => value(3))) });
}
console.log(JSON.stringify(groups));
