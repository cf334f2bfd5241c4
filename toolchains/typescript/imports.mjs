// Lists the packages that a function needs, read from the code that will run and not from the
// source: what is imported for its types alone is gone by then.
import { builtinModules } from 'node:module';
import ts from 'typescript';
import { catalogModules } from './references.mjs';

const builtins = new Set(builtinModules);

/** `{packages, files}`: names of third-party packages, and the relative paths that the code loads. */
export function findImports(code) {
  const packages = new Set();
  const files = new Set();
  for (const specifier of specifiersOf(code)) {
    if (specifier.startsWith('.') || specifier.startsWith('/')) files.add(specifier);
    else if (!isBuiltin(specifier) && !catalogModules.has(packageOf(specifier))) packages.add(packageOf(specifier));
  }
  return { packages: [...packages].sort(), files: [...files].sort() };
}

/** What the code asks for by a text of its own; what it puts together when it runs is not known. */
function specifiersOf(code) {
  const specifiers = [];
  const visit = (node) => {
    const specifier = ts.isCallExpression(node) && isLoading(node.expression) && node.arguments.length === 1 ? node.arguments[0] : undefined;
    if (specifier && ts.isStringLiteralLike(specifier)) specifiers.push(specifier.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('function.js', code, ts.ScriptTarget.ES2024));
  return specifiers;
}

function isLoading(callee) {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

function isBuiltin(specifier) {
  return specifier.startsWith('node:') || builtins.has(specifier);
}

function packageOf(specifier) {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
