// The `describe` operation: one function's source in, everything that a deploy needs to know out.
// A fault of the source is an answer (`ok: false` with places in the source), never an exception.
import vm from 'node:vm';
import ts from 'typescript';
import { commonJs } from './emit.mjs';
import { deployableFunctions, findFunction, spokenNames } from './find-function.mjs';
import { findImports } from './imports.mjs';
import { PackageTypes } from './package-types.mjs';
import { makeProgram } from './program.mjs';
import { findReferences } from './references.mjs';
import { describeSignature } from './signature.mjs';

const sourceBytesMax = 1024 * 1024;
const warningsMax = 20;
const namePattern = /^[A-Za-z_$][\w$]*$/;

// What the checker reports as a type error although no engine would load the code.
const loadFailureCodes = new Set([1308, 1309, 1378, 2300, 2451, 2528]);

// For the types of packages; hostile ones could keep the checker busy for minutes.
const checkMillisecondsMax = 10_000;

// What the checker says of types that come from a package without declarations.
const packageTypeCodes = new Set([2503, 2694, 2709]);

const ownWords = new Map([[1378, "'await' outside of a function is not available: move it into the function"]]);

/** Answers a `describe` request. Throws `TypeError` for a request that is not one. */
export function describe(request) {
  const { kind, name, language, source, typeSchemas = {}, layers = [], checkMilliseconds = checkMillisecondsMax } = request;
  requireField(kind === 'server' || kind === 'client', 'kind', "must be 'server' or 'client'");
  requireField(typeof name === 'string' && namePattern.test(name), 'name', 'must be the name of a function');
  requireField(language === 'typescript' || language === 'javascript', 'language', "must be 'typescript' or 'javascript'");
  requireField(typeof source === 'string', 'source', 'must be text');
  requireField(isObject(typeSchemas) && Object.values(typeSchemas).every(isObject), 'typeSchemas', 'must be an object of JSON Schemas');
  requireField(Array.isArray(layers) && layers.every((layer) => typeof layer === 'string' && layer.startsWith('/')), 'layers', 'must be absolute paths');
  requireField(typeof checkMilliseconds === 'number', 'checkMilliseconds', 'must be a number');
  if (Buffer.byteLength(source) > sourceBytesMax) {
    return failure([{ message: `the source is larger than ${sourceBytesMax} bytes`, line: 1, column: 1 }]);
  }

  try {
    return describeInTime({ kind, name, language, source, typeSchemas }, layers, checkMilliseconds);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    return failure([{ message: 'the source is nested too deeply', line: 1, column: 1 }]);
  }
}

/** With the types of the packages in the first of `layers`; without them when that takes too long. */
function describeInTime(request, [layer], milliseconds) {
  if (!layer) return describeSource(request);
  const packageTypes = new PackageTypes(layer, milliseconds);
  try {
    return describeSource({ ...request, packageTypes });
  } catch (error) {
    if (!(error instanceof ts.OperationCanceledException)) throw error;
    const answer = describeSource(request);
    const notChecked = { message: `the types of the packages were not checked: ${packageTypes.exceeded()}`, line: 1, column: 1 };
    return answer.ok ? { ...answer, warnings: [notChecked, ...answer.warnings].slice(0, warningsMax) } : answer;
  }
}

function describeSource({ kind, name, language, source, typeSchemas, packageTypes }) {
  const context = { ...makeProgram({ name, language, source, typeSchemas, packageTypes }), typeSchemas };
  const { program, checker, sourceFile } = context;
  const syntaxErrors = program.getSyntacticDiagnostics(sourceFile);
  if (syntaxErrors.length > 0) return failure(syntaxErrors.map((diagnostic) => placed(diagnostic, sourceFile)));

  const functions = deployableFunctions(checker, sourceFile);
  const found = findFunction(functions, name);
  if (!found) return failure([{ message: notFound(name, functions), line: 1, column: 1 }]);

  const isOpen = packageTypes?.leavesOpen ?? true;
  const typeErrors = program.getSemanticDiagnostics(sourceFile, packageTypes).filter(({ code }) => !(isOpen && packageTypeCodes.has(code)));
  packageTypes?.throwIfCancellationRequested();
  const code = commonJs(program, sourceFile, { ...found, name, exportedAs: found.name, kind });
  const loadError = earlyError(code);
  if (loadError) return failure(placesOfLoadError(loadError, typeErrors, sourceFile));

  const { packages, files } = findImports(code);
  const warnings = [
    ...files.map((path) => ({ message: `'${path}' is not deployed with the function: a function is one file`, ...placeOfText(sourceFile, path) })),
    ...restWarnings(found, sourceFile),
    ...typeErrors.map((diagnostic) => placed(diagnostic, sourceFile)),
  ];
  return {
    ok: true,
    code,
    ...describeSignature(context, found),
    imports: packages,
    references: findReferences(checker, sourceFile),
    warnings: warnings.slice(0, warningsMax),
  };
}

function requireField(holds, field, reason) {
  if (!holds) throw new TypeError(`${field}: ${reason}`);
}

/** The compiler walks a source recursively, so its depth is limited by the stack. */
function isStackOverflow(error) {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function failure(errors) {
  return { ok: false, errors };
}

function notFound(name, functions) {
  const names = spokenNames(functions);
  const existing = names.length > 0 ? `the functions at its top level are: ${names.join(', ')}` : 'it declares no function at its top level';
  return `the source has no function '${name}'; ${existing}`;
}

function placed(diagnostic, sourceFile) {
  const message = ownWords.get(diagnostic.code) ?? ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  return { message, ...place(sourceFile, diagnostic.start ?? 0) };
}

function place(sourceFile, position) {
  const { line, character } = sourceFile.getLineAndCharacterOfPosition(position);
  return { line: line + 1, column: character + 1 };
}

function placeOfText(sourceFile, text) {
  return place(sourceFile, Math.max(0, sourceFile.text.indexOf(text)));
}

/** What the engine would say on loading the code; compiling it runs nothing of it. */
function earlyError(code) {
  try {
    new vm.Script(`(function (exports, require, module, __filename, __dirname) {${code}\n})`);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

function placesOfLoadError(error, typeErrors, sourceFile) {
  const causes = typeErrors.filter(({ code }) => loadFailureCodes.has(code));
  if (causes.length > 0) return causes.map((diagnostic) => placed(diagnostic, sourceFile));
  return [{ message: error.message, line: 1, column: 1 }];
}

function restWarnings({ signature }, sourceFile) {
  return signature.getParameters()
    .map(({ valueDeclaration }) => valueDeclaration)
    .filter((declaration) => declaration && ts.isParameter(declaration) && declaration.dotDotDotToken)
    .map((declaration) => ({
      message: `the rest parameter '${declaration.name.getText()}' receives its argument, a list, as one element`,
      ...place(sourceFile, declaration.getStart()),
    }));
}
