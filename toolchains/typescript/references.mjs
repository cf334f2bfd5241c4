// Finds what a source uses of the catalog: `poly.crm.contacts.get(1)` is a use of the function
// crm.contacts.get, `vari.shop.key.inject()` of the variable shop.key. Names are followed through
// imports, require, constants and destructuring by the checker's own scopes, so a local `poly` that
// has nothing to do with the catalog is not one. Where a path is computed, or a part of the catalog
// is handed on as a value, the list cannot be complete, and `dynamic` says so.
import ts from 'typescript';

export const catalogModules = new Set(['openpoly', 'polyapi']);

const wholeModule = { root: 'module', path: [] };
const variableMethods = new Set(['get', 'inject', 'update', 'onUpdate']);
const moduleMembers = new Map([
  ['default', 'poly'],
  ['poly', 'poly'],
  ['vari', 'vari'],
  ['polyCustom', undefined],
  ['tabi', undefined],
  ['schemas', undefined],
  ['errorHandler', undefined],
  ['alertHandler', undefined],
]);

/** `{poly: [...paths], vari: [...paths], dynamic?: true}`, sorted. */
export function findReferences(checker, sourceFile) {
  const poly = new Set();
  const vari = new Set();
  let isDynamic = false;
  const catalog = new CatalogScope(checker);
  const mentionsCatalog = [...catalogModules].some((name) => sourceFile.text.includes(name));
  if (mentionsCatalog) visit(sourceFile);
  return { poly: [...poly].sort(), vari: [...vari].sort(), ...(isDynamic && { dynamic: true }) };

  function visit(node) {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)) {
      if (ts.isComputedPropertyName(node.name)) visit(node.name);
      if (node.initializer) visit(node.initializer);
      return;
    }
    const place = isExpressionPlace(node) ? catalog.place(node) : undefined;
    if (place?.root === 'poly' || place?.root === 'vari') record(node, place);
    else ts.forEachChild(node, visit);
  }

  function record(node, { root, path, isComputed }) {
    const use = outermost(node);
    visitComputedKeys(node);
    if (!isComputed && isFollowedElsewhere(use)) return;
    const isCalled = ts.isCallExpression(use.parent) && use.parent.expression === use;
    if (isComputed || !isCalled) isDynamic = true;
    if (isComputed) return;
    const isMethod = root === 'vari' && variableMethods.has(path.at(-1));
    const names = isMethod ? path.slice(0, -1) : path;
    if (names.length > 0) (root === 'poly' ? poly : vari).add(names.join('.'));
  }

  function visitComputedKeys(node) {
    for (let current = node; current && !ts.isIdentifier(current); current = current.expression) {
      if (ts.isElementAccessExpression(current)) visit(current.argumentExpression);
    }
  }
}

function isExpressionPlace(node) {
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return true;
  if (!ts.isIdentifier(node)) return false;
  const { parent } = node;
  const isName = (ts.isVariableDeclaration(parent) || ts.isBindingElement(parent) || ts.isParameter(parent)) && parent.initializer !== node;
  return !isName && !(ts.isPropertyAccessExpression(parent) && parent.name === node);
}

function unwrapped(node) {
  let current = node;
  while (ts.isParenthesizedExpression(current) || ts.isNonNullExpression(current) || ts.isAsExpression(current) || ts.isSatisfiesExpression(current) || ts.isAwaitExpression(current)) {
    current = current.expression;
  }
  return current;
}

function outermost(node) {
  let current = node;
  while (current.parent && unwrapped(current.parent) !== current.parent && unwrapped(current.parent) === unwrapped(current)) {
    current = current.parent;
  }
  return current;
}

/** The initializer of a constant, or of a constant destructuring, is recorded where its names are used. */
function isFollowedElsewhere(use) {
  const { parent } = use;
  return ts.isVariableDeclaration(parent) && parent.initializer === use && isConstant(parent) && !hasRest(parent.name);
}

function hasRest(name) {
  return ts.isObjectBindingPattern(name)
    ? name.elements.some((element) => element.dotDotDotToken || hasRest(element.name))
    : ts.isArrayBindingPattern(name);
}

function isConstant(declaration) {
  return Boolean(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const);
}

/** Where in the catalog expressions point: `{root: 'poly'|'vari'|'module', path, isComputed?}` or undefined. */
class CatalogScope {
  #checker;
  #declared = new Map();

  constructor(checker) {
    this.#checker = checker;
  }

  place(expression) {
    const node = unwrapped(expression);
    if (ts.isPropertyAccessExpression(node)) return member(this.place(node.expression), node.name.text);
    if (ts.isElementAccessExpression(node)) {
      const key = node.argumentExpression;
      return member(this.place(node.expression), ts.isStringLiteralLike(key) ? key.text : undefined);
    }
    if (isLoad(node)) return wholeModule;
    return ts.isIdentifier(node) ? this.#ofName(node) : undefined;
  }

  #ofName(identifier) {
    const symbol = ts.isShorthandPropertyAssignment(identifier.parent)
      ? this.#checker.getShorthandAssignmentValueSymbol(identifier.parent)
      : this.#checker.getSymbolAtLocation(identifier);
    const declaration = symbol?.declarations?.[0];
    const isLocal = declaration && declaration.getSourceFile() === identifier.getSourceFile();
    return isLocal ? this.#ofDeclaration(declaration) : undefined;
  }

  /** Remembers each answer; a constant that is defined by itself finds no answer yet, and has none. */
  #ofDeclaration(declaration) {
    if (!this.#declared.has(declaration)) {
      this.#declared.set(declaration, undefined);
      this.#declared.set(declaration, this.#ofNewDeclaration(declaration));
    }
    return this.#declared.get(declaration);
  }

  #ofNewDeclaration(declaration) {
    if (ts.isVariableDeclaration(declaration)) {
      const { initializer } = declaration;
      return initializer && isConstant(declaration) ? this.place(initializer) : undefined;
    }
    if (ts.isBindingElement(declaration)) {
      if (!ts.isObjectBindingPattern(declaration.parent) || declaration.dotDotDotToken) return undefined;
      const key = declaration.propertyName ?? declaration.name;
      const name = ts.isIdentifier(key) || ts.isStringLiteralLike(key) ? key.text : undefined;
      return member(this.#ofDeclaration(declaration.parent.parent), name);
    }
    return placeOfImport(declaration);
  }
}

function isLoad(node) {
  if (!ts.isCallExpression(node)) return false;
  const { expression: loader, arguments: [name] } = node;
  const isLoader = loader.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(loader) && loader.text === 'require');
  return Boolean(isLoader && name && ts.isStringLiteralLike(name) && catalogModules.has(name.text));
}

function member(place, name) {
  if (!place || place.isComputed) return place;
  if (name === undefined) return { ...place, root: place.root === 'module' ? 'poly' : place.root, isComputed: true };
  if (place.root !== 'module') return { ...place, path: [...place.path, name] };
  if (!moduleMembers.has(name)) return { root: 'poly', path: [name] };
  const root = moduleMembers.get(name);
  return root && { root, path: [] };
}

function placeOfImport(declaration) {
  if (ts.isImportClause(declaration)) return isCatalogImport(declaration.parent) ? member(wholeModule, 'default') : undefined;
  if (ts.isNamespaceImport(declaration)) return isCatalogImport(declaration.parent.parent) ? wholeModule : undefined;
  if (ts.isImportSpecifier(declaration)) {
    const imported = (declaration.propertyName ?? declaration.name).text;
    return isCatalogImport(declaration.parent.parent.parent) ? member(wholeModule, imported) : undefined;
  }
  if (ts.isImportEqualsDeclaration(declaration) && ts.isExternalModuleReference(declaration.moduleReference)) {
    return catalogModules.has(declaration.moduleReference.expression.text) ? wholeModule : undefined;
  }
  return undefined;
}

function isCatalogImport(declaration) {
  return ts.isImportDeclaration(declaration) && catalogModules.has(declaration.moduleSpecifier.text);
}
