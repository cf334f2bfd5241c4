// Makes the code that will be loaded: CommonJS with an inline source map. A worker finds the function
// among the exports. A generated SDK pastes a client function's code into the body of a function of
// its own and then calls the name, so there the name must be declared and no directive may come first:
// "use strict" is a syntax error in a function with a rest parameter.
import ts from 'typescript';
import { declaredNames } from './find-function.mjs';

const directive = '"use strict";';
const mapComment = '//# sourceMappingURL=';

/** `name` is the deployed name; the source exports the function under `exportedAs` if `isExported`. */
export function commonJs(program, sourceFile, { kind, name, exportedAs, isExported }) {
  let emitted = '';
  program.emit(sourceFile, (path, text) => { emitted = text; });
  const mapStart = emitted.lastIndexOf(mapComment);
  const body = emitted.slice(0, mapStart);
  const map = emitted.slice(mapStart);
  if (kind === 'server') return body + (isExported ? '' : exporting(name)) + map;
  return withoutDirective(body) + (isExported ? declaring(name, exportedAs, body) : exporting(name)) + map;
}

function exporting(name) {
  return `module.exports.${name} = ${name};\n`;
}

/** What makes the name stand for the exported function, where the emitted code does not declare it. */
function declaring(name, exportedAs, code) {
  const { statements } = ts.createSourceFile('function.js', code, ts.ScriptTarget.ES2024);
  if (statements.flatMap(declaredNames).some(({ text }) => text === name)) return '';
  return `var ${name} = module.exports.${exportedAs} ?? module.exports;\n`;
}

/** Its line stays, so that the source map stays true. */
function withoutDirective(code) {
  return code.startsWith(directive) ? code.slice(directive.length) : code;
}
