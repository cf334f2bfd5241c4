// Finds the function that is deployed in its source. The order is that of the worker which will
// run it: what the module exports under that name, then what it declares under that name at the
// top level, then a function without a name of its own that is the module's one export.
import ts from 'typescript';

const wholeExport = 'default';

/** The functions of a source that could be deployed: `[{name, symbol, signature, isExported}]`. */
export function deployableFunctions(checker, sourceFile) {
  const found = new Map();
  const moduleSymbol = sourceFile.symbol; // getSymbolAtLocation knows no CommonJS module
  for (const exported of moduleSymbol ? checker.getExportsAndPropertiesOfModule(moduleSymbol) : []) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    add(exported.name, symbol, true);
  }
  for (const statement of sourceFile.statements) {
    for (const identifier of declaredNames(statement)) add(identifier.text, checker.getSymbolAtLocation(identifier), false);
  }
  add(wholeExport, moduleSymbol?.exports?.get(ts.InternalSymbolName.ExportEquals), true);
  return [...found.values()];

  function add(name, symbol, isExported) {
    if (!symbol || found.has(name)) return;
    const [signature] = checker.getTypeOfSymbolAtLocation(symbol, sourceFile).getCallSignatures().slice(-1);
    const isDeclared = signature?.declaration?.getSourceFile() === sourceFile || symbol.valueDeclaration?.getSourceFile() === sourceFile;
    if (signature && isDeclared) found.set(name, { name, symbol, signature, isExported });
  }
}

export function findFunction(functions, name) {
  return functions.find((candidate) => candidate.name === name)
    ?? functions.find((candidate) => candidate.name === wholeExport && [undefined, name].includes(ownName(candidate)));
}

/** The names to tell an author whose function was not found. */
export function spokenNames(functions) {
  return [...new Set(functions.map((candidate) => (candidate.name === wholeExport ? ownName(candidate) ?? wholeExport : candidate.name)))];
}

/** The name by which the source itself calls what it exports as a whole. */
function ownName({ symbol, signature }) {
  const isUnnamed = symbol.name === ts.InternalSymbolName.Default || symbol.name === ts.InternalSymbolName.ExportEquals;
  return isUnnamed ? signature.declaration?.name?.text : symbol.name;
}

/** The identifiers that a statement declares as functions or variables. */
export function declaredNames(statement) {
  if (ts.isFunctionDeclaration(statement)) return statement.name && statement.body ? [statement.name] : [];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.map(({ name }) => name).filter(ts.isIdentifier);
}
