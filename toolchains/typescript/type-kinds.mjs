// Questions about the checker's types that several readers of them ask.
import ts from 'typescript';

/** True for a union that its author would call one; `boolean` is two literals to the checker. */
export function isUnion(type) {
  return type.isUnion() && !(type.flags & ts.TypeFlags.Boolean);
}

export function membersOf(type) {
  return isUnion(type) ? type.types : [type];
}

/** True for what JSON leaves out. */
export function isAbsence(type) {
  return Boolean(type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void));
}

export function isNull(type) {
  return Boolean(type.flags & ts.TypeFlags.Null);
}

/** The type to look at in place of a type parameter or another type still waiting for arguments. */
export function withoutParameters(checker, type) {
  return type.flags & ts.TypeFlags.Instantiable ? checker.getBaseConstraintOfType(type) ?? type : type;
}

/** What the author wrote about a symbol, without the dash that may stand between a name and its text. */
export function documentation(symbol, checker) {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/^\s*-\s/, '').trim();
}
