// Describes a function's parameters and result in the catalog's type language (PropertySpecification
// and PropertyType): simple types by name, everything else by a JSON Schema document.
import ts from 'typescript';
import { isUnconstrained } from './json-schema.mjs';
import { schemaDocument } from './schema.mjs';
import { documentation, isAbsence, isNull, membersOf, withoutParameters } from './type-kinds.mjs';

const anything = { kind: 'plain', value: 'any' };
const nothing = { kind: 'void' };

/** `{arguments, returnType, synchronous, description}` of a call signature. */
export function describeSignature(context, { symbol, signature }) {
  const { checker } = context;
  const parameters = signature.getParameters().filter(({ name }) => name !== 'this');
  const returned = signature.getReturnType();
  const isAsync = Boolean(ts.getCombinedModifierFlags(signature.declaration) & ts.ModifierFlags.Async);
  return {
    arguments: parameters.map((parameter, position) => describeParameter(context, parameter, position)),
    returnType: propertyType(context, checker.getAwaitedType(returned) ?? returned),
    synchronous: !isAsync && !canBePromise(checker, returned),
    description: documentation(symbol, checker) || ts.displayPartsToString(signature.getDocumentationComment(checker)).trim(),
  };
}

function describeParameter(context, parameter, position) {
  const { checker } = context;
  const declaration = parameter.valueDeclaration;
  const type = declaration
    ? checker.getTypeOfSymbolAtLocation(parameter, declaration)
    : checker.getTypeOfSymbol(parameter);
  const description = documentation(parameter, checker);
  const isNullable = type.isUnion() && type.types.some(isNull);
  return {
    name: declaration && !ts.isIdentifier(declaration.name) ? `argument${position + 1}` : parameter.name,
    ...(description && { description }),
    required: !canBeLeftOut(checker, parameter, type),
    ...(isNullable && { nullable: true }),
    type: propertyType(context, isNullable ? checker.getNonNullableType(type) : type),
  };
}

function canBeLeftOut(checker, parameter, type) {
  if (type.isUnion() && type.types.some(isAbsence)) return true;
  const declaration = parameter.valueDeclaration;
  if (!declaration || !ts.isParameter(declaration)) return Boolean(parameter.flags & ts.SymbolFlags.Optional);
  return Boolean(declaration.initializer || declaration.dotDotDotToken) || checker.isOptionalParameter(declaration);
}

function canBePromise(checker, type) {
  return membersOf(type).some((member) => {
    const then = checker.getPropertyOfType(member, 'then');
    return then && checker.getTypeOfSymbol(then).getCallSignatures().length > 0;
  });
}

function propertyType(context, original) {
  const { checker } = context;
  const type = withoutUndefined(checker, withoutParameters(checker, original));
  if (isAbsence(type) || type.flags & ts.TypeFlags.Never) return nothing;
  const primitive = primitiveType(type);
  if (primitive) return primitive;
  if (checker.isArrayType(type)) {
    const items = primitiveType(checker.getTypeArguments(type)[0]);
    if (items) return { kind: 'array', items };
  }
  const schema = schemaDocument(context, type);
  return isUnconstrained(schema) ? anything : { kind: 'object', schema };
}

/** A result that may be undefined is described by what it is otherwise. */
function withoutUndefined(checker, type) {
  const isNullable = type.isUnion() && type.types.some(isNull);
  return type.isUnion() && !isNullable ? checker.getNonNullableType(type) : type;
}

function primitiveType({ flags }) {
  if (flags & ts.TypeFlags.String) return { kind: 'primitive', type: 'string' };
  if (flags & ts.TypeFlags.Number) return { kind: 'primitive', type: 'number' };
  if (flags & ts.TypeFlags.Boolean) return { kind: 'primitive', type: 'boolean' };
  return undefined;
}
