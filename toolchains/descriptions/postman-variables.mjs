// The variables of a collection by the names that arguments have, their values worked out as far as they go.
import { camelCase, holesOf, renameHoles } from './names.mjs';
import { isSensitive } from './sensitive.mjs';
import { isObject, listOf, textOf } from './shape.mjs';

// name → {value, description, secret}
export function knownVariables(source, collection) {
  const secrets = new Set(
    listOf(source.variable)
      .filter((variable) => isObject(variable) && variable.type === 'secret')
      .map(({ key, id }) => key ?? id),
  );
  const known = new Map();
  for (const variable of collection.variables.all()) {
    if (variable.disabled === true) continue;
    const value = textOf(variable.value);
    const isSecret = secrets.has(variable.key) || isSensitive(textOf(variable.key), value);
    const description = variable.description ? textOf(variable.description.content) : '';
    known.set(camelCase(textOf(variable.key)), {
      ...(isSecret ? { secret: true } : value === '' ? {} : { value: renameHoles(value, camelCase) }),
      ...(description === '' ? {} : { description }),
    });
  }
  for (const fields of known.values()) fields.value &&= filled(fields.value, known);
  return known;
}

// With the values of other variables in it, unless one of those has variables itself and is not filled yet.
function filled(text, known) {
  const isPlain = (name) => known.get(name)?.value !== undefined && holesOf(known.get(name).value).length === 0;
  return text.replace(/\{\{(\w+)\}\}/g, (written, name) => (isPlain(name) ? known.get(name).value : written));
}
