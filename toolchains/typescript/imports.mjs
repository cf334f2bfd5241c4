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
  for (const { fileName: specifier } of ts.preProcessFile(code, true, true).importedFiles) {
    if (specifier.startsWith('.') || specifier.startsWith('/')) files.add(specifier);
    else if (!isBuiltin(specifier) && !catalogModules.has(packageOf(specifier))) packages.add(packageOf(specifier));
  }
  return { packages: [...packages].sort(), files: [...files].sort() };
}

function isBuiltin(specifier) {
  return specifier.startsWith('node:') || builtins.has(specifier);
}

function packageOf(specifier) {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
