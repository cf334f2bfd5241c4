// Makes the TypeScript program around one function's source. The standard library's declaration
// files are read and bound once per process and shared by all programs, which is what makes a warm
// analysis fast. The program sees the source, ambient.d.ts, declarations made from the caller's
// typeSchemas, those of installed packages when there are some, and no other file of the machine.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { declareProvidedTypes } from './provided-types.mjs';

const libraryFolder = path.dirname(ts.getDefaultLibFilePath({}));
const sourceFolder = '/function';
const ambientPath = '/openpoly/ambient.d.ts';
const ambientDiskPath = path.join(import.meta.dirname, 'ambient.d.ts');

const commonOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  lib: ['lib.esnext.d.ts'],
  types: [],
  strict: true,
  noImplicitAny: false,
  useUnknownInCatchVariables: false,
  esModuleInterop: true,
  allowJs: true,
  skipLibCheck: true,
  inlineSourceMap: true,
  outDir: '/emitted',
  sourceRoot: '/',
  newLine: ts.NewLineKind.LineFeed,
};

// JavaScript may be a plain CommonJS file, which forced module detection would misread and strict
// mode might break.
const languages = {
  typescript: {
    extension: '.ts',
    options: { ...commonOptions, moduleDetection: ts.ModuleDetectionKind.Force },
  },
  javascript: {
    extension: '.js',
    options: { ...commonOptions, moduleDetection: ts.ModuleDetectionKind.Auto, alwaysStrict: false },
  },
};

// Packages may refer to the declarations of a browser, which ambient.d.ts would contradict.
const otherPlatform = /\/lib\.(dom|webworker|scripthost)\b[^/]*$/;

const sharedFiles = new Map();
let libraryTypeNames;

/** The program of one source: `{program, checker, sourceFile}`. `packageTypes` may be absent. */
export function makeProgram({ name, language, source, typeSchemas, packageTypes }) {
  const { extension, options } = languages[language];
  const sourcePath = `${sourceFolder}/${name}${extension}`;
  const sourceFile = ts.createSourceFile(sourcePath, source, options.target);
  const provided = declareProvidedTypes(sourceFile, namesToProvide(typeSchemas));
  const files = new Map([[sourcePath, source], ...provided.files]);
  const roots = [ambientPath, sourcePath, ...provided.roots];
  const program = ts.createProgram(roots, options, compilerHost(files, provided.modules, packageTypes));
  return { program, checker: program.getTypeChecker(), sourceFile: program.getSourceFile(sourcePath) };
}

/** True for a class or interface that the language or the platform declares, such as `Map` or `Buffer`. */
export function isPlatformType(program, symbol) {
  return Boolean(symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) && isPlatformDeclaration(program, symbol);
}

/** True for a class that an installed package declares: its values are what its code makes of them. */
export function isPackageClass(program, symbol) {
  return Boolean(symbol.flags & ts.SymbolFlags.Class) && (symbol.declarations ?? []).some((declaration) => program.isSourceFileFromExternalLibrary(declaration.getSourceFile()));
}

/** True for whatever the language or the platform declares, its helper types such as `Partial` included. */
export function isPlatformDeclaration(program, symbol) {
  return (symbol.declarations ?? []).some((declaration) => {
    const file = declaration.getSourceFile();
    return file.fileName === ambientPath || program.isSourceFileDefaultLibrary(file);
  });
}

function compilerHost(files, modules, packageTypes) {
  return {
    getSourceFile: (filePath, languageVersion) =>
      files.has(filePath)
        ? ts.createSourceFile(filePath, files.get(filePath), languageVersion, true)
        : packageTypes?.file(filePath, languageVersion) ?? sharedFile(filePath, languageVersion),
    fileExists: (filePath) => files.has(filePath),
    readFile: (filePath) => files.get(filePath),
    writeFile: () => { throw new Error('an analysis writes no files'); },
    getDefaultLibFileName: () => path.join(libraryFolder, 'lib.esnext.d.ts'),
    getDefaultLibLocation: () => libraryFolder,
    getCurrentDirectory: () => sourceFolder,
    getCanonicalFileName: (filePath) => filePath,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    resolveModuleNameLiterals: (literals, fromFile) =>
      literals.map(({ text }) => {
        const isOwn = files.has(fromFile);
        return { resolvedModule: (isOwn && providedModule(modules.get(text))) || packageTypes?.module(text, isOwn ? undefined : fromFile) };
      }),
    resolveTypeReferenceDirectiveReferences: (references, fromFile) =>
      references.map((reference) => ({ resolvedTypeReferenceDirective: packageTypes?.typeReference(reference.fileName ?? reference, fromFile) })),
  };
}

function providedModule(modulePath) {
  return modulePath && { resolvedFileName: modulePath, extension: ts.Extension.Dts, isExternalLibraryImport: false };
}

function sharedFile(filePath, languageVersion) {
  if (filePath !== ambientPath && (path.dirname(filePath) !== libraryFolder || otherPlatform.test(filePath))) return undefined;
  if (!sharedFiles.has(filePath)) {
    const text = readFileSync(filePath === ambientPath ? ambientDiskPath : filePath, 'utf8');
    sharedFiles.set(filePath, ts.createSourceFile(filePath, text, languageVersion));
  }
  return sharedFiles.get(filePath);
}

/** The `typeSchemas` that can stand as types of their own: the language's names keep their meaning. */
function namesToProvide(typeSchemas) {
  const names = Object.keys(typeSchemas);
  return names.length === 0 ? names : names.filter((name) => !typeNamesOfLibrary().has(name));
}

function typeNamesOfLibrary() {
  if (!libraryTypeNames) {
    const program = ts.createProgram([ambientPath], commonOptions, compilerHost(new Map(), new Map()));
    const symbols = program.getTypeChecker().getSymbolsInScope(program.getSourceFile(ambientPath), ts.SymbolFlags.Type);
    libraryTypeNames = new Set(symbols.map((symbol) => symbol.name));
  }
  return libraryTypeNames;
}
