// Finds the declarations that installed packages bring, in the layer that the function is deployed with
// (docs/dependencies.md). Whatever has none, or is past a limit, is `any`, as it is without a layer.
// Layers never change, so the files of the last one are kept parsed for the next deploy.
import { readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

const filesMax = 3000;
const bytesMax = 32 * 1024 * 1024;

// What runs is CommonJS, so a package is asked first for what it gives to `require`.
const resolutionOptions = { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, target: ts.ScriptTarget.ES2024 };
const manners = [ts.ModuleKind.CommonJS, ts.ModuleKind.ESNext];
const declarationEnding = /\.d\.[cm]?ts$/;

let last;

/** Declarations below `folder`/node_modules, and the checker's token that ends its work past a limit. */
export class PackageTypes {
  /** True when the source imports something that has no declarations here. */
  leavesOpen = false;
  #folder;
  #milliseconds;
  #deadline;
  #parsed;
  #resolutions;
  #read = { files: 0, bytes: 0 };
  #host = {
    fileExists: (file) => this.#isHere(file) && isFile(file),
    directoryExists: (folder) => this.#isHere(`${folder}/`) && isFolder(folder),
    readFile: (file) => (this.#isHere(file) ? textOf(file) : undefined),
  };

  constructor(folder, milliseconds) {
    this.#folder = path.resolve(folder);
    this.#milliseconds = milliseconds;
    this.#deadline = performance.now() + milliseconds;
    if (last?.folder !== this.#folder) {
      last = { folder: this.#folder, parsed: new Map(), resolutions: ts.createModuleResolutionCache(this.#folder, (name) => name, resolutionOptions) };
    }
    this.#parsed = last.parsed;
    this.#resolutions = last.resolutions;
  }

  /** The module that a file of a package means by `specifier`; without a file: that the source means. */
  module(specifier, fromFile) {
    const found = isBuiltin(specifier) || this.isCancellationRequested() ? undefined : this.#resolved(specifier, fromFile ?? `${this.#folder}/function.ts`);
    if (!found && !fromFile) this.leavesOpen = true;
    return found;
  }

  #resolved(specifier, fromFile) {
    for (const manner of manners) {
      const { resolvedModule } = ts.resolveModuleName(specifier, fromFile, resolutionOptions, this.#host, this.#resolutions, undefined, manner);
      if (resolvedModule && declarationEnding.test(resolvedModule.resolvedFileName)) return resolvedModule;
    }
    return undefined;
  }

  /** What `/// <reference types="…" />` of a package names. Of Node.js the checker has its own idea (ambient.d.ts). */
  typeReference(name, fromFile) {
    if (name === 'node' || this.isCancellationRequested()) return undefined;
    return ts.resolveTypeReferenceDirective(name, fromFile, { ...resolutionOptions, typeRoots: [] }, this.#host).resolvedTypeReferenceDirective;
  }

  /** The parsed file, or undefined for one that is not of this layer. */
  file(file, languageVersion) {
    if (!this.#isHere(file) || !declarationEnding.test(file)) return undefined;
    if (!this.#parsed.has(file)) {
      const text = textOf(file);
      if (text === undefined) return undefined;
      this.#parsed.set(file, ts.createSourceFile(file, text, languageVersion));
    }
    const parsed = this.#parsed.get(file);
    this.#read.files += 1;
    this.#read.bytes += parsed.text.length;
    return parsed;
  }

  /** Which limit is passed, in words; nothing when none is. */
  exceeded() {
    if (performance.now() >= this.#deadline) return `that takes longer than ${this.#milliseconds / 1000} s`;
    if (this.#read.files >= filesMax) return `they are in more than ${filesMax} files`;
    return this.#read.bytes >= bytesMax ? `they have more than ${bytesMax >> 20} MiB` : undefined;
  }

  isCancellationRequested() {
    return this.exceeded() !== undefined;
  }

  throwIfCancellationRequested() {
    if (this.isCancellationRequested()) throw new ts.OperationCanceledException();
  }

  #isHere(file) {
    return file.startsWith(`${this.#folder}/node_modules/`);
  }
}

function isFile(file) {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(folder) {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function textOf(file) {
  return isFile(file) ? readFileSync(file, 'utf8') : undefined;
}
