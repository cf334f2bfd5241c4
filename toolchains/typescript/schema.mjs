// Turns a checker's type into a JSON Schema document that stands alone. Arguments and results
// travel as JSON, so a type is described as what JSON makes of it: a Date is a string, a method is
// nothing, undefined is absence. Every document is valid as draft-07 and as 2020-12.
import ts from 'typescript';
import { enumeration, isUnconstrained, tupleOf, unionOf } from './json-schema.mjs';
import { isPackageClass, isPlatformType } from './program.mjs';
import { embeddedSchema, providedTypeName } from './provided-types.mjs';
import { documentation, isAbsence, isNull, isUnion, membersOf, withoutParameters } from './type-kinds.mjs';
import { TypeNames } from './type-names.mjs';

const draft = 'http://json-schema.org/draft-07/schema#';
const depthMax = 24;
const definitionsMax = 500;

const platformSchemas = {
  Date: { type: 'string', format: 'date-time' },
  String: { type: 'string' },
  Number: { type: 'number' },
  Boolean: { type: 'boolean' },
  BigInt: { type: 'integer' },
  Map: { type: 'object' },
  ReadonlyMap: { type: 'object' },
};

const stringLikeParameters = ts.TypeFlags.TemplateLiteral | ts.TypeFlags.StringMapping | ts.TypeFlags.Index;
const formless = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.ESSymbolLike | ts.TypeFlags.Instantiable;
const hiddenModifiers = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static;

/** The document of a type, `{}` for one that may be anything. `context` is `{program, checker, typeSchemas}`. */
export function schemaDocument(context, type) {
  const writer = new DocumentWriter(context, type);
  const schema = writer.root();
  if (isUnconstrained(schema)) return {};
  const definitions = { ...schema.definitions, ...writer.definitions };
  return { $schema: draft, ...schema, ...(Object.keys(definitions).length > 0 && { definitions }) };
}

class DocumentWriter {
  definitions = {};
  #program;
  #checker;
  #typeSchemas;
  #names;
  #root;
  #open = new Map();
  #defined = new Map();

  constructor({ program, checker, typeSchemas }, root) {
    this.#program = program;
    this.#checker = checker;
    this.#typeSchemas = typeSchemas;
    this.#names = new TypeNames(program, checker);
    this.#root = withoutParameters(checker, root);
  }

  root() {
    return this.#schemaOf(this.#root);
  }

  #schemaOf(original) {
    const type = withoutParameters(this.#checker, original);
    return this.#scalar(type) ?? this.#structure(type);
  }

  #scalar(type) {
    const { flags } = type;
    if (flags & stringLikeParameters) return { type: 'string' };
    if (flags & formless) return {};
    if (flags & ts.TypeFlags.Never) return { not: {} };
    if (isAbsence(type) || isNull(type)) return { type: 'null' };
    if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (flags & ts.TypeFlags.BooleanLiteral) return enumeration([type.intrinsicName === 'true']);
    if (type.isStringLiteral() || (type.isNumberLiteral() && Number.isFinite(type.value))) return enumeration([type.value]);
    if (flags & ts.TypeFlags.StringLike) return { type: 'string' };
    if (flags & ts.TypeFlags.BigIntLike) return { type: 'integer' };
    return flags & ts.TypeFlags.NumberLike && !type.isUnion() ? { type: 'number' } : undefined;
  }

  /**
   * Types with parts may contain themselves. One met again while it is being written becomes a
   * definition and a reference to it; a named one becomes a definition anyway, unless it is the root.
   */
  #structure(type) {
    if (!this.#canRecur(type)) return this.#parts(type);
    if (this.#defined.has(type)) return reference(this.#defined.get(type));
    const opened = this.#open.get(type);
    if (opened) {
      opened.name ??= this.#names.unused(this.#names.nameOf(type));
      return reference(opened.name);
    }
    if (this.#open.size >= depthMax || this.#names.count >= definitionsMax) return {};

    const entry = { name: undefined };
    this.#open.set(type, entry);
    const schema = this.#parts(type);
    this.#open.delete(type);
    return this.#placed(type, schema, entry.name);
  }

  /** A finished schema where it is used: in place, or moved to the definitions. */
  #placed(type, schema, wantedName) {
    const isNamed = Boolean(this.#names.symbolOf(type));
    const isRoot = type === this.#root;
    if (!wantedName && (isRoot || !isNamed || isUnconstrained(schema))) {
      return isRoot && isNamed ? { title: this.#names.nameOf(type), ...schema } : schema;
    }
    const name = wantedName ?? this.#names.unused(this.#names.nameOf(type));
    this.#defined.set(type, name);
    this.definitions[name] = schema;
    return reference(name);
  }

  /** Every cycle of types goes through one that has a name or is an object: lists and plain unions are not followed. */
  #canRecur(type) {
    return Boolean(type.aliasSymbol) || !(isUnion(type) || this.#isList(type));
  }

  #isList(type) {
    return this.#checker.isArrayType(type) || this.#checker.isTupleType(type);
  }

  #parts(type) {
    const provided = providedTypeName(type.symbol);
    if (provided) return this.#provided(provided, type);
    if (this.#checker.isTupleType(type)) return this.#tuple(type);
    if (this.#checker.isArrayType(type)) {
      return { type: 'array', items: this.#schemaOf(this.#checker.getTypeArguments(type)[0]) };
    }
    const symbol = this.#names.symbolOf(type);
    const description = symbol ? documentation(symbol, this.#checker) : '';
    const schema = this.#members(type);
    return description ? { description, ...schema } : schema;
  }

  #members(type) {
    if (isUnion(type)) return this.#union(type.types);
    return type.isIntersection() ? this.#intersection(type) : this.#object(type);
  }

  #union(members) {
    return unionOf(members.filter((member) => !isAbsence(member)).map((member) => this.#schemaOf(member)));
  }

  /** The schema of a value that is left out when it is undefined. */
  #present(type) {
    return membersOf(type).some(isAbsence) ? this.#union(membersOf(type)) : this.#schemaOf(type);
  }

  /** A primitive or a list with a brand on it is that primitive or list; other intersections are objects. */
  #intersection(type) {
    const scalar = type.types.map((member) => this.#scalar(member)).find((schema) => schema && !isUnconstrained(schema));
    const list = type.types.find((member) => this.#isList(member));
    return scalar ?? (list ? this.#schemaOf(list) : this.#object(type));
  }

  #tuple(type) {
    const elements = this.#checker.getTypeArguments(type).map((element) => this.#present(element));
    const { elementFlags, minLength, fixedLength } = type.target;
    const isOpen = elementFlags.some((flag) => flag & ts.ElementFlags.Variable);
    return tupleOf(elements, { least: minLength, most: isOpen ? undefined : elements.length, prefixLength: fixedLength });
  }

  #object(type) {
    if (type.symbol && isPlatformType(this.#program, type.symbol)) return platformSchemas[type.symbol.name] ?? {};
    if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return {};
    const toJson = type.getProperty('toJSON');
    if (toJson) return this.#resultOf(toJson);

    if (type.symbol && isPackageClass(this.#program, type.symbol)) return {};
    const carried = this.#checker.getPropertiesOfType(type).filter(isCarried);
    const properties = carried.map((property) => [property, this.#propertyType(property)]).filter(([, members]) => members);
    const index = type.getStringIndexType() ?? type.getNumberIndexType();
    if (properties.length === 0 && !index && this.#isEmptyShape(type)) return {};
    const required = properties.filter(([property, found]) => found.isRequired).map(([property]) => property.name);
    return {
      type: 'object',
      ...(properties.length > 0 && {
        properties: Object.fromEntries(properties.map(([property, { type: found }]) => [property.name, this.#property(property, found)])),
      }),
      ...(required.length > 0 && { required }),
      ...(index && { additionalProperties: this.#schemaOf(index) }),
    };
  }

  /** `{}` written as a type accepts every value; a class, an interface or a value without fields does not. */
  #isEmptyShape(type) {
    const isValue = type.symbol?.declarations?.some(ts.isObjectLiteralExpression);
    return !(type.flags & ts.TypeFlags.NonPrimitive) && !isValue && !this.#names.symbolOf(type);
  }

  #resultOf(method) {
    const [signature] = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(method)).getCallSignatures();
    return signature ? this.#schemaOf(signature.getReturnType()) : {};
  }

  /** `{type, isRequired}` of a property, or undefined for a method and for one that is always undefined. */
  #propertyType(property) {
    const type = this.#checker.getTypeOfSymbol(property);
    const members = membersOf(type);
    const present = members.filter((member) => !isAbsence(member));
    if (present.every((member) => member.getCallSignatures().length > 0)) return undefined;
    const isRequired = !(property.flags & ts.SymbolFlags.Optional) && present.length === members.length;
    return { type, isRequired };
  }

  #property(property, type) {
    const description = documentation(property, this.#checker);
    return { ...this.#present(type), ...(description && { description }) };
  }

  #provided(name, type) {
    const { $schema, ...schema } = this.#typeSchemas[name];
    if (type === this.#root) return schema;
    const embedded = embeddedSchema(name, schema, (wanted) => this.#names.unused(wanted));
    Object.assign(this.definitions, embedded.definitions);
    return embedded.schema;
  }
}

function reference(name) {
  return { $ref: `#/definitions/${name}` };
}

/** False for what JSON.stringify passes by: symbols, private members, and getters of a class. */
function isCarried(property) {
  const name = property.escapedName.toString();
  if (name.startsWith('__@') || name.startsWith('__#')) return false;
  const declaration = property.valueDeclaration;
  if (!declaration) return true;
  const isGetterOfClass = property.flags & ts.SymbolFlags.Accessor && ts.isClassLike(declaration.parent);
  return !isGetterOfClass && !(ts.getCombinedModifierFlags(declaration) & hiddenModifiers);
}
