// Makes the TypeScript program around one function's source. The standard library's declaration
// files are read and bound once per process and shared by all programs, which is what makes a warm
// analysis fast. Nothing outside this file touches the compiler host: the program sees the source,
// ambient.d.ts, declarations made from the caller's typeSchemas, and no file of the machine.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const libraryFolder = path.dirname(ts.getDefaultLibFilePath({}));
const sourceFolder = '/function';
const ambientPath = '/openpoly/ambient.d.ts';
const providedPath = '/openpoly/provided.d.ts';
const providedModuleFolder = '/openpoly/modules';
const identifierPattern = /^[A-Za-z_$][\w$]*$/;

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

const sharedFiles = new Map();
let libraryTypeNames;

function sharedFile(filePath, diskPath, languageVersion) {
  let file = sharedFiles.get(filePath);
  if (!file) {
    file = ts.createSourceFile(filePath, readFileSync(diskPath, 'utf8'), languageVersion);
    sharedFiles.set(filePath, file);
  }
  return file;
}

function compilerHost(language, files, providedModules) {
  const read = (filePath, languageVersion) => {
    if (files.has(filePath)) {
      return ts.createSourceFile(filePath, files.get(filePath), languageVersion, true);
    }
    if (filePath === ambientPath) {
      return sharedFile(filePath, path.join(import.meta.dirname, 'ambient.d.ts'), languageVersion);
    }
    if (path.dirname(filePath) === libraryFolder) {
      return sharedFile(filePath, filePath, languageVersion);
    }
    return undefined;
  };
  return {
    getSourceFile: read,
    fileExists: (filePath) => files.has(filePath),
    readFile: (filePath) => files.get(filePath),
    writeFile: () => {},
    getDefaultLibFileName: () => path.join(libraryFolder, 'lib.esnext.d.ts'),
    getDefaultLibLocation: () => libraryFolder,
    getCurrentDirectory: () => sourceFolder,
    getCanonicalFileName: (filePath) => filePath,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    resolveModuleNameLiterals: (literals) =>
      literals.map(({ text }) => ({
        resolvedModule: providedModules.has(text) && {
          resolvedFileName: providedModules.get(text),
          extension: ts.Extension.Dts,
          isExternalLibraryImport: false,
        } || undefined,
      })),
  };
}

function typeNamesOfLibrary() {
  if (!libraryTypeNames) {
    const host = compilerHost('typescript', new Map(), new Map());
    const program = ts.createProgram([ambientPath], languages.typescript.options, host);
    const symbols = program.getTypeChecker().getSymbolsInScope(program.getSourceFile(ambientPath), ts.SymbolFlags.Type);
    libraryTypeNames = new Set(symbols.map((symbol) => symbol.name));
  }
  return libraryTypeNames;
}

/** `typeSchemas` names that can stand as a type of their own: the library's names keep their meaning. */
function declarableNames(typeSchemas) {
  const names = Object.keys(typeSchemas);
  if (names.length === 0) return [];
  return names.filter((name) => identifierPattern.test(name) && !typeNamesOfLibrary().has(name));
}

function opaqueDeclaration(name, prefix) {
  return `${prefix} interface ${name} { [member: string]: any }`;
}

/** Declarations for the modules from which the source imports a type that `typeSchemas` describes. */
function moduleDeclarations(source, names) {
  const wanted = new Set(names);
  const modules = new Map();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !statement.importClause) continue;
    const { name: defaultName, namedBindings } = statement.importClause;
    const lines = modules.get(statement.moduleSpecifier.text) ?? new Set();
    if (defaultName) {
      lines.add(wanted.has(defaultName.text)
        ? `import type { ${defaultName.text} as provided } from "${providedPath}"; export default provided;`
        : 'declare const value: any; export default value;');
    }
    const elements = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
    for (const element of elements) {
      const imported = (element.propertyName ?? element.name).text;
      if (imported === 'default' || !identifierPattern.test(imported)) continue;
      lines.add(wanted.has(imported)
        ? `export type { ${imported} } from "${providedPath}";`
        : `export declare const ${imported}: any; export type ${imported} = any;`);
    }
    modules.set(statement.moduleSpecifier.text, lines);
  }
  return [...modules].filter(([, lines]) => [...lines].some((line) => line.includes(providedPath)));
}

/**
 * The program of one source. Returns `{program, checker, sourceFile, providedTypeName}`, where
 * `providedTypeName(symbol)` is the `typeSchemas` name a symbol stands for, or undefined.
 */
export function makeProgram({ name, language, source, typeSchemas }) {
  const { extension, options } = languages[language];
  const sourcePath = `${sourceFolder}/${name}${extension}`;
  const files = new Map([[sourcePath, source]]);
  const roots = [ambientPath, sourcePath];

  const names = declarableNames(typeSchemas);
  const providedModules = new Map();
  if (names.length > 0) {
    files.set(providedPath, names.map((typeName) => opaqueDeclaration(typeName, 'export')).join('\n'));
    providedModules.set(providedPath, providedPath);
    const globalsPath = `${providedModuleFolder}/globals.d.ts`;
    files.set(globalsPath, names.map((typeName) => `type ${typeName} = import("${providedPath}").${typeName};`).join('\n'));
    roots.push(globalsPath);
    const parsed = ts.createSourceFile(sourcePath, source, options.target);
    for (const [specifier, lines] of moduleDeclarations(parsed, names)) {
      const modulePath = `${providedModuleFolder}/${providedModules.size}.d.ts`;
      files.set(modulePath, [...lines].join('\n'));
      providedModules.set(specifier, modulePath);
    }
  }

  const host = compilerHost(language, files, providedModules);
  const program = ts.createProgram(roots, options, host);
  return {
    program,
    checker: program.getTypeChecker(),
    sourceFile: program.getSourceFile(sourcePath),
    providedTypeName: (symbol) =>
      symbol?.declarations?.[0]?.getSourceFile().fileName === providedPath ? symbol.name : undefined,
  };
}

/** True for a class or interface that the language or the platform declares, such as `Map` or `Buffer`. */
export function isPlatformType(program, symbol) {
  return Boolean(symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) && isPlatformDeclaration(program, symbol);
}

/** True for whatever the language or the platform declares, its helper types such as `Partial` included. */
export function isPlatformDeclaration(program, symbol) {
  return (symbol.declarations ?? []).some((declaration) => {
    const file = declaration.getSourceFile();
    return file.fileName === ambientPath || program.isSourceFileDefaultLibrary(file);
  });
}
