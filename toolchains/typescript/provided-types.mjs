// The caller may describe, in `typeSchemas`, types that the source names and does not declare: those
// it imports from files or packages that are not here. Each is declared to the checker as an opaque
// interface in a file of ours, so that it survives every use (`Order[]`, `Promise<Order>`) and is
// recognised again when schemas are written.
import ts from 'typescript';

const folder = '/openpoly/provided';
const declarationsPath = `${folder}/types.d.ts`;
const globalsPath = `${folder}/globals.d.ts`;
const identifierPattern = /^[A-Za-z_$][\w$]*$/;
const anyDefault = 'declare const openpolyDefault: any; export default openpolyDefault;';

/**
 * Declarations for `names`: `{files: Map(path → text), modules: Map(specifier → path), roots}`, to be
 * added to the program whose source is `source`.
 */
export function declareProvidedTypes(source, names) {
  const declarable = names.filter((name) => identifierPattern.test(name));
  if (declarable.length === 0) return { files: new Map(), modules: new Map(), roots: [] };
  const files = new Map([
    [declarationsPath, declarable.map((name) => `export interface ${name} { [member: string]: any }`).join('\n')],
    [globalsPath, declarable.map((name) => `type ${name} = import("${declarationsPath}").${name};`).join('\n')],
  ]);
  const modules = new Map([[declarationsPath, declarationsPath]]);
  for (const [specifier, { defaultName, names: imported }] of importsOf(source)) {
    const wanted = imported.filter((name) => declarable.includes(name));
    const isDefaultWanted = declarable.includes(defaultName);
    if (wanted.length === 0 && !isDefaultWanted) continue;
    const others = imported.filter((name) => !wanted.includes(name) && identifierPattern.test(name));
    const path = `${folder}/module${modules.size}.d.ts`;
    files.set(path, [
      isDefaultWanted ? `export type { ${defaultName} as default } from "${declarationsPath}";` : anyDefault,
      ...wanted.map((name) => `export type { ${name} } from "${declarationsPath}";`),
      ...others.map((name) => `export declare const ${name}: any; export type ${name} = any;`),
    ].join('\n'));
    modules.set(specifier, path);
  }
  return { files, modules, roots: [globalsPath] };
}

/** The `typeSchemas` name that a type's symbol stands for, or undefined. */
export function providedTypeName(symbol) {
  return symbol?.declarations?.[0]?.getSourceFile().fileName === declarationsPath ? symbol.name : undefined;
}

/** What the source imports: specifier → `{defaultName, names}`. */
function importsOf(source) {
  const imports = new Map();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !statement.importClause) continue;
    const { name, namedBindings } = statement.importClause;
    const elements = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
    const names = elements.map((element) => (element.propertyName ?? element.name).text).filter((text) => text !== 'default');
    const known = imports.get(statement.moduleSpecifier.text) ?? { names: [] };
    imports.set(statement.moduleSpecifier.text, {
      defaultName: known.defaultName ?? name?.text,
      names: [...new Set([...known.names, ...names])],
    });
  }
  return imports;
}

/**
 * A provided schema as a part of another document: its own definitions, under names that `nameFor`
 * gives them, and itself, with every reference among them kept true. `owner` is its own name there.
 */
export function embeddedSchema(owner, { $schema, definitions, $defs, ...schema }, nameFor) {
  const inner = { ...definitions, ...$defs };
  const names = new Map(Object.keys(inner).map((key) => [key, nameFor(`${owner}_${key}`)]));
  return {
    schema: moved(schema),
    definitions: Object.fromEntries([...names].map(([key, name]) => [name, moved(inner[key])])),
  };

  function moved(value) {
    if (Array.isArray(value)) return value.map(moved);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, key === '$ref' ? movedReference(part) : moved(part)]));
  }

  function movedReference(target) {
    const key = /^#\/(?:definitions|\$defs)\/(.+)$/.exec(target)?.[1];
    if (names.has(key)) return `#/definitions/${names.get(key)}`;
    return target === '#' ? `#/definitions/${owner}` : target;
  }
}
