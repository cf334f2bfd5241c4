// Finds the function that is deployed in its source. The order is that of the worker which will
// run it: what the module exports under that name, then what it declares under that name at the
// top level, then an anonymous default export.
import ts from 'typescript';

/** The functions of a source that could be deployed: `[{name, symbol, signature, isExported}]`. */
export function deployableFunctions(checker, sourceFile) {
  const found = new Map();
  const moduleSymbol = checker.getSymbolAtLocation(sourceFile);
  for (const exported of moduleSymbol ? checker.getExportsOfModule(moduleSymbol) : []) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    add(exported.name, symbol, true);
  }
  for (const statement of sourceFile.statements) {
    for (const identifier of declaredNames(statement)) add(identifier.text, checker.getSymbolAtLocation(identifier), false);
  }
  return [...found.values()];

  function add(name, symbol, isExported) {
    if (!symbol || found.has(name)) return;
    const [signature] = checker.getTypeOfSymbolAtLocation(symbol, sourceFile).getCallSignatures().slice(-1);
    if (signature) found.set(name, { name, symbol, signature, isExported });
  }
}

export function findFunction(functions, name) {
  return functions.find((candidate) => candidate.name === name) ?? functions.find(isAnonymousDefault);
}

/** The names to tell an author whose function was not found. */
export function spokenNames(functions) {
  return functions.map(({ name, symbol }) => (name === 'default' ? symbol.declarations?.[0]?.name?.text ?? 'default' : name));
}

function isAnonymousDefault({ name, symbol, signature }) {
  return name === 'default' && symbol.name === 'default' && !signature.declaration?.name;
}

function declaredNames(statement) {
  if (ts.isFunctionDeclaration(statement)) return statement.name && statement.body ? [statement.name] : [];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.map(({ name }) => name).filter(ts.isIdentifier);
}
