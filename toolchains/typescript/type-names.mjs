// Which types have a name of their own, and under what names they stand in one schema document.
import ts from 'typescript';
import { isPlatformDeclaration } from './program.mjs';

const namedKinds = ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.Enum;
const anonymousNames = new Set(['__type', '__object', '__class', '__function', 'default']);

export class TypeNames {
  #program;
  #checker;
  #used = new Set();

  constructor(program, checker) {
    this.#program = program;
    this.#checker = checker;
  }

  get count() {
    return this.#used.size;
  }

  /** The symbol by which the source names a type, or undefined for one written in place. */
  symbolOf(type) {
    const symbol = type.aliasSymbol ?? (type.symbol?.flags & namedKinds ? type.symbol : undefined);
    const isOwn = symbol && !anonymousNames.has(symbol.name) && !isPlatformDeclaration(this.#program, symbol);
    return isOwn ? symbol : undefined;
  }

  /** The name with those of its type arguments: `Page<Customer>` is `Page_Customer`. */
  nameOf(type) {
    const symbol = this.symbolOf(type);
    if (!symbol) return this.#spelled(type);
    const typeArguments = type.aliasSymbol ? type.aliasTypeArguments : type.target && this.#checker.getTypeArguments(type);
    const names = (typeArguments ?? [])
      .filter((argument) => argument.symbol !== symbol)
      .map((argument) => this.#spelled(argument));
    return [symbol.name, ...names].join('_');
  }

  /** A name that nothing else of the document has. */
  unused(wanted) {
    let name = wanted;
    for (let count = 2; this.#used.has(name); count += 1) name = `${wanted}_${count}`;
    this.#used.add(name);
    return name;
  }

  #spelled(type) {
    return this.#checker.typeToString(type).replace(/\W+/g, '_').replace(/^_|_$/g, '') || 'Anonymous';
  }
}
