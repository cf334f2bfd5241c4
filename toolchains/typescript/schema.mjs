// Turns a checker's type into a JSON Schema document that stands alone. Arguments and results
// travel as JSON, so a type is described as what JSON makes of it: a Date is a string, a method is
// nothing, undefined is absence. The document is valid as draft-07 and as 2020-12: tuples carry
// `prefixItems` for the newer reader and an equally true `items` for the older one.
import ts from 'typescript';
import { isPlatformDeclaration, isPlatformType } from './program.mjs';

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

const namedKinds = ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.Enum;
const anonymousNames = new Set(['__type', '__object', '__class', '__function', 'default']);

/** Everything a type is converted with: `{program, checker, providedTypeName, typeSchemas}`. */
export function schemaDocument(context, type) {
  const writer = new DocumentWriter(context);
  const schema = writer.root(type);
  if (isUnconstrained(schema)) return {};
  const document = { $schema: draft, ...schema };
  if (writer.hasDefinitions()) document.definitions = { ...schema.definitions, ...writer.definitions };
  return document;
}

export function isUnconstrained(schema) {
  return Object.keys(schema).every((key) => key === 'title' || key === 'description');
}

/** What the author wrote about a symbol, without the dash that may stand between a name and its text. */
export function documentation(symbol, checker) {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/^\s*-\s/, '').trim();
}

/** The type to look at in place of a type parameter or another type still waiting for arguments. */
export function withoutParameters(checker, type) {
  if (!(type.flags & ts.TypeFlags.Instantiable)) return type;
  return checker.getBaseConstraintOfType(type) ?? type;
}

function isUnion(type) {
  return type.isUnion() && !(type.flags & ts.TypeFlags.Boolean);
}

function isAbsence(type) {
  return Boolean(type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void));
}

class DocumentWriter {
  definitions = {};
  #context;
  #checker;
  #open = new Map();
  #definitionNames = new Map();
  #usedNames = new Set();
  #rootType;

  constructor(context) {
    this.#context = context;
    this.#checker = context.checker;
  }

  hasDefinitions() {
    return Object.keys(this.definitions).length > 0;
  }

  root(type) {
    this.#rootType = type;
    return this.#schemaOf(type);
  }

  #schemaOf(original) {
    const type = withoutParameters(this.#checker, original);
    return this.#scalar(type) ?? this.#structure(type);
  }

  #scalar(type) {
    const { flags } = type;
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.ESSymbolLike | ts.TypeFlags.Instantiable)) {
      return flags & (ts.TypeFlags.TemplateLiteral | ts.TypeFlags.StringMapping | ts.TypeFlags.Index)
        ? { type: 'string' }
        : {};
    }
    if (flags & ts.TypeFlags.Never) return { not: {} };
    if (isAbsence(type) || flags & ts.TypeFlags.Null) return { type: 'null' };
    if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: type.intrinsicName === 'true' };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (flags & ts.TypeFlags.StringLike) return { type: 'string' };
    if (flags & ts.TypeFlags.BigIntLike) return { type: 'integer' };
    if (flags & ts.TypeFlags.NumberLike && !type.isUnion()) return { type: 'number' };
    return undefined;
  }

  /**
   * Types with parts may contain themselves. One met again while it is being written becomes a
   * definition and a reference to it; a named one becomes a definition anyway, unless it is the root.
   */
  #structure(type) {
    const known = this.#definitionNames.get(type);
    if (known) return { $ref: `#/definitions/${known}` };
    if (!this.#canRecur(type)) return this.#parts(type);
    const opened = this.#open.get(type);
    if (opened) {
      opened.name ??= this.#freshName(type);
      return { $ref: `#/definitions/${opened.name}` };
    }
    if (this.#open.size >= depthMax || this.#usedNames.size >= definitionsMax) return {};

    const entry = { name: undefined };
    this.#open.set(type, entry);
    const schema = this.#parts(type);
    this.#open.delete(type);

    const isRoot = type === this.#rootType;
    const deservesName = !isRoot && this.#isNamed(type) && !isUnconstrained(schema) && !schema.format;
    if (!entry.name && !deservesName) {
      return isRoot && this.#isNamed(type) ? { title: this.#nameOf(type), ...schema } : schema;
    }
    entry.name ??= this.#freshName(type);
    this.#definitionNames.set(type, entry.name);
    this.definitions[entry.name] = schema;
    return { $ref: `#/definitions/${entry.name}` };
  }

  /** Every cycle of types goes through one that has a name or is an object: lists and plain unions are not followed. */
  #canRecur(type) {
    return Boolean(type.aliasSymbol) || !(isUnion(type) || this.#isList(type));
  }

  #isList(type) {
    return this.#checker.isArrayType(type) || this.#checker.isTupleType(type);
  }

  #parts(type) {
    const provided = this.#context.providedTypeName(type.symbol);
    if (provided) return this.#provided(provided, type === this.#rootType);
    if (isUnion(type)) return this.#described(type, this.#union(type.types));
    if (type.isIntersection()) return this.#intersection(type);
    if (this.#checker.isTupleType(type)) return this.#tuple(type);
    if (this.#checker.isArrayType(type)) {
      return { type: 'array', items: this.#schemaOf(this.#checker.getTypeArguments(type)[0]) };
    }
    return this.#described(type, this.#object(type));
  }

  #described(type, schema) {
    const symbol = type.aliasSymbol ?? type.symbol;
    const description = this.#isNamed(type) ? documentation(symbol, this.#checker) : '';
    return description ? { description, ...schema } : schema;
  }

  #union(members) {
    const present = members.filter((member) => !isAbsence(member));
    const schemas = present.map((member) => this.#schemaOf(member));
    if (schemas.some(isUnconstrained)) return {};

    const constants = [...new Set(schemas.filter(isConstant).map((schema) => schema.const))];
    const types = [...new Set(schemas.filter(isBareType).map((schema) => schema.type))];
    if (constants.includes(true) && constants.includes(false)) {
      constants.splice(0, constants.length, ...constants.filter((value) => typeof value !== 'boolean'));
      types.push('boolean');
    }
    const isEnumeration = constants.length > 0 && types.every((name) => name === 'null');
    if (isEnumeration && types.length > 0) {
      constants.push(null);
      types.length = 0;
    }
    const others = schemas.filter((schema) => !isConstant(schema) && !isBareType(schema));
    const alternatives = [
      ...(constants.length > 0 ? [enumeration(constants)] : []),
      ...(types.length > 0 ? [{ type: types.length === 1 ? types[0] : types }] : []),
      ...new Map(others.map((schema) => [JSON.stringify(schema), schema])).values(),
    ];
    if (alternatives.length === 0) return { type: 'null' };
    return alternatives.length === 1 ? alternatives[0] : { anyOf: alternatives };
  }

  #intersection(type) {
    const scalars = type.types.map((member) => this.#scalar(member)).filter((schema) => schema && !isUnconstrained(schema));
    if (scalars.length > 0) return scalars[0];
    const list = type.types.find((member) => this.#isList(member));
    return list ? this.#schemaOf(list) : this.#described(type, this.#object(type));
  }

  #tuple(type) {
    const elements = this.#checker.getTypeArguments(type).map((element) => this.#present(element));
    const { elementFlags, minLength, hasRestElement, fixedLength } = type.target;
    const isOpen = hasRestElement || elementFlags.some((flag) => flag & ts.ElementFlags.Variadic);
    const distinct = [...new Map(elements.map((schema) => [JSON.stringify(schema), schema])).values()];
    const items = distinct.length === 1 ? distinct[0] : { anyOf: distinct };
    const schema = { type: 'array', minItems: minLength };
    if (elements.length === 0) return { ...schema, maxItems: 0 };
    if (fixedLength > 0) schema.prefixItems = elements.slice(0, fixedLength);
    schema.items = distinct.some(isUnconstrained) ? {} : items;
    if (!isOpen) schema.maxItems = elements.length;
    return schema;
  }

  /** The schema of a value that is left out when it is undefined. */
  #present(type) {
    const members = isUnion(type) ? type.types : [type];
    return members.some(isAbsence) ? this.#union(members) : this.#schemaOf(type);
  }

  #object(type) {
    const { symbol } = type;
    const toJson = type.getProperty('toJSON');
    if (symbol && isPlatformType(this.#context.program, symbol)) return platformSchemas[symbol.name] ?? {};
    if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return {};
    if (toJson) return this.#schemaOf(this.#resultOfMethod(toJson));

    const properties = {};
    const required = [];
    for (const property of this.#checker.getPropertiesOfType(type)) {
      const member = this.#property(property);
      if (!member) continue;
      properties[property.name] = member.schema;
      if (member.required) required.push(property.name);
    }
    const index = type.getStringIndexType() ?? type.getNumberIndexType();
    if (!index && Object.keys(properties).length === 0 && !(type.flags & ts.TypeFlags.NonPrimitive)) {
      return this.#isNamed(type) || type.symbol?.declarations?.some(ts.isObjectLiteralExpression) ? { type: 'object' } : {};
    }
    const schema = { type: 'object' };
    if (Object.keys(properties).length > 0) schema.properties = properties;
    if (required.length > 0) schema.required = required;
    if (index) schema.additionalProperties = this.#schemaOf(index);
    return schema;
  }

  #resultOfMethod(method) {
    const type = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(method));
    const [signature] = type.getCallSignatures();
    return signature ? signature.getReturnType() : this.#checker.getAnyType();
  }

  /** `{schema, required}` of one property, or undefined for one that JSON does not carry. */
  #property(property) {
    if (property.escapedName.toString().startsWith('__@') || property.escapedName.toString().startsWith('__#')) return undefined;
    const declaration = property.valueDeclaration;
    if (declaration) {
      const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static;
      if (ts.getCombinedModifierFlags(declaration) & hidden) return undefined;
      if (property.flags & ts.SymbolFlags.Accessor && ts.isClassLike(declaration.parent)) return undefined;
    }
    const type = this.#checker.getTypeOfSymbol(property);
    const members = isUnion(type) ? type.types : [type];
    const present = members.filter((member) => !isAbsence(member));
    if (present.length === 0) return undefined;
    if (present.every((member) => member.getCallSignatures().length > 0)) return undefined;

    const schema = this.#present(type);
    const description = documentation(property, this.#checker);
    return {
      schema: description ? { ...schema, description } : schema,
      required: !(property.flags & ts.SymbolFlags.Optional) && present.length === members.length,
    };
  }

  #provided(name, isRoot) {
    const { $schema, ...schema } = this.#context.typeSchemas[name];
    return isRoot ? schema : this.#hoisted(name, schema);
  }

  /** Moves a schema's own definitions beside ours, under names of their own, and its references with them. */
  #hoisted(owner, { definitions, $defs, ...schema }) {
    const inner = { ...definitions, ...$defs };
    const names = new Map(Object.keys(inner).map((key) => [key, this.#unused(`${owner}_${key}`)]));
    const moved = (value) => {
      if (Array.isArray(value)) return value.map(moved);
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, key === '$ref' ? reference(part) : moved(part)]));
    };
    const reference = (target) => {
      const key = /^#\/(?:definitions|\$defs)\/(.+)$/.exec(target)?.[1];
      if (names.has(key)) return `#/definitions/${names.get(key)}`;
      return target === '#' ? `#/definitions/${owner}` : target;
    };
    for (const [key, name] of names) this.definitions[name] = moved(inner[key]);
    return moved(schema);
  }

  #isNamed(type) {
    const symbol = type.aliasSymbol ?? type.symbol;
    if (!symbol || anonymousNames.has(symbol.name) || isPlatformDeclaration(this.#context.program, symbol)) return false;
    return Boolean(type.aliasSymbol) || (!this.#isList(type) && Boolean(symbol.flags & namedKinds));
  }

  #nameOf(type) {
    if (!this.#isNamed(type)) return this.#spelled(type);
    const symbol = type.aliasSymbol ?? type.symbol;
    const parameters = type.aliasSymbol ? type.aliasTypeArguments : type.target && this.#checker.getTypeArguments(type);
    const names = (parameters ?? [])
      .filter((parameter) => parameter.symbol !== symbol)
      .map((parameter) => this.#spelled(parameter));
    return [symbol.name, ...names].join('_');
  }

  #spelled(type) {
    return this.#checker.typeToString(type).replace(/\W+/g, '_').replace(/^_|_$/g, '') || 'Anonymous';
  }

  #freshName(type) {
    return this.#unused(this.#nameOf(type));
  }

  #unused(wanted) {
    let name = wanted;
    for (let count = 2; this.#usedNames.has(name); count += 1) name = `${wanted}_${count}`;
    this.#usedNames.add(name);
    return name;
  }
}

function isBareType(schema) {
  return typeof schema.type === 'string' && Object.keys(schema).length === 1;
}

function isConstant(schema) {
  return 'const' in schema && Object.keys(schema).length === 1;
}

function enumeration(values) {
  if (values.length === 1) return { const: values[0] };
  const types = [...new Set(values.map((value) => (value === null ? 'null' : typeof value)))];
  return { type: types.length === 1 ? types[0] : types, enum: values };
}
