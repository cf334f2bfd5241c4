// Elements and complex types of XML Schema as JSON Schema: docs/training-sources.md says how objects and XML correspond.
// Global complex types are schemas of the catalog, once, and are referred to.
import { orNull, reference } from './json-schema.mjs';
import { NameBook, pascalCase } from './names.mjs';
import { XSD } from './wsdl-files.mjs';
import { localOf, qualified, uriOf } from './xml-tree.mjs';
import { simpleContent, simpleType, valueOf, withFacets } from './xsd-simple.mjs';

const PARTICLES = ['sequence', 'all', 'choice', 'group', 'element', 'any'];
const NESTING_MAX = 64; // of groups, extensions and types without a name in each other
const STEPS_MAX = 200_000; // types and groups that are written out
const TEXT = 'value';

export class XsdTypes {
  #tables;
  #context;
  #remarks;
  #names = new NameBook();
  #schemas = new Map(); // by kind and name
  #nesting = 0;
  #steps = 0;

  constructor(tables, context, remarks) {
    this.#tables = tables;
    this.#context = context;
    this.#remarks = remarks;
  }

  // The global element as {schema, namespace, name}, its type written out; undefined when there is none.
  global(name) {
    const component = this.#find('element', name);
    if (!component) return undefined;
    const schema = this.#typeOf(component.element, component.schema, component.namespace, true);
    return { schema: { ...schema, ...documented(component.element) }, namespace: uriOf(name), name: localOf(name) };
  }

  list() {
    return Array.from(this.#schemas.values(), ({ name, description, definition }) => ({
      name,
      context: this.#context,
      description,
      definition,
    }));
  }

  #find = (kind, name) => this.#tables[kind].get(name);

  // Of an element or attribute. `whole`: a named complex type is written out instead of referred to.
  #typeOf(element, schema, namespace, whole = false) {
    const simple = element.first(XSD, 'simpleType');
    if (simple) return simpleContent(simple, this.#find);
    const complex = element.first(XSD, 'complexType');
    if (complex) return this.#complex(complex, schema, namespace);
    const name = element.nameIn('type');
    if (name === undefined) return {};
    const component = this.#find('complexType', name);
    if (component)
      return whole
        ? this.#complex(component.element, component.schema, component.namespace)
        : this.#reference('complexType', name, component);
    const found = simpleType(name, this.#find);
    if (!found) throw element.fault(`the type ${localOf(name)} of '${uriOf(name)}' is not described`);
    return found;
  }

  #reference(kind, name, component) {
    const key = `${kind} ${name}`;
    if (!this.#schemas.has(key)) {
      const entry = {
        name: this.#names.claim(pascalCase(localOf(name))),
        description: documented(component.element).description ?? '',
      };
      this.#schemas.set(key, entry); // before its members, which may refer to it
      this.#define(kind, component, entry);
    }
    const { name: path, fault } = this.#schemas.get(key);
    if (fault) throw fault;
    return reference(this.#context, path);
  }

  // One that cannot be read is anything for those that refer to it already, and a fault for whoever asks next.
  #define(kind, { element, schema, namespace }, entry) {
    try {
      entry.definition =
        kind === 'complexType' ? this.#complex(element, schema, namespace) : this.#typeOf(element, schema, namespace);
    } catch (error) {
      entry.definition = {};
      entry.fault = error;
    }
  }

  #complex(element, schema, namespace) {
    const members = new Members();
    this.#collect(element, schema, namespace, members);
    return members.toSchema();
  }

  // Adds what a complex type has to `members`, its base's first.
  #collect(element, schema, namespace, members) {
    const simple = element.first(XSD, 'simpleContent')?.first(XSD, 'extension', 'restriction');
    const derived = element.first(XSD, 'complexContent')?.first(XSD, 'extension', 'restriction');
    if (element.get('mixed') === 'true')
      this.#remarks.add('*', where(element), 'text between the elements of mixed content is left out');
    this.#nested(element, () => {
      if (simple) this.#collectSimple(simple, schema, namespace, members);
      else if (derived) this.#collectDerived(derived, schema, namespace, members);
      else this.#collectContent(element, schema, namespace, members);
    });
  }

  // Types and groups may go in circles, or double with each step.
  #nested(element, work) {
    this.#steps += 1;
    if (this.#steps > STEPS_MAX) throw element.fault(`the schema takes more than ${STEPS_MAX} steps to read`);
    if (this.#nesting === NESTING_MAX) throw element.fault(`types are nested deeper than ${NESTING_MAX}`);
    this.#nesting += 1;
    try {
      work();
    } finally {
      this.#nesting -= 1;
    }
  }

  #collectSimple(derivation, schema, namespace, members) {
    const name = derivation.nameIn('base') ?? qualified(XSD, 'string');
    const component = this.#find('complexType', name);
    if (component) this.#collect(component.element, component.schema, component.namespace, members);
    else
      members.add(
        TEXT,
        withFacets(simpleType(name, this.#find) ?? { type: 'string' }, derivation),
        { text: true },
        true,
      );
    this.#collectAttributes(derivation, schema, namespace, members);
  }

  #collectDerived(derivation, schema, namespace, members) {
    const base = this.#find('complexType', derivation.nameIn('base') ?? '{}');
    if (base && derivation.local === 'extension') this.#collect(base.element, base.schema, base.namespace, members);
    else if (base) this.#collectInheritedAttributes(base, members);
    this.#collectContent(derivation, schema, namespace, members);
  }

  // A restriction says its elements again, but not its attributes.
  #collectInheritedAttributes(base, members) {
    const inherited = new Members();
    this.#collect(base.element, base.schema, base.namespace, inherited);
    members.takeAttributes(inherited);
  }

  #collectContent(element, schema, namespace, members) {
    for (const particle of element.all(XSD, ...PARTICLES))
      this.#particle(particle, schema, namespace, members, { isOptional: false, isList: false });
    this.#collectAttributes(element, schema, namespace, members);
  }

  #particle(particle, schema, namespace, members, around) {
    const occurs = {
      isOptional: around.isOptional || particle.get('minOccurs') === '0',
      isList: around.isList || !['0', '1', undefined].includes(particle.get('maxOccurs')),
    };
    if (particle.get('maxOccurs') === '0') return;
    if (particle.local === 'element') this.#element(particle, schema, namespace, members, occurs);
    else if (particle.local === 'any') this.#remarks.add('*', where(particle), 'elements of any name are left out');
    else if (particle.local === 'group') this.#group(particle, members, occurs);
    else {
      const inside = { ...occurs, isOptional: occurs.isOptional || particle.local === 'choice' };
      for (const child of particle.all(XSD, ...PARTICLES)) this.#particle(child, schema, namespace, members, inside);
    }
  }

  #group(particle, members, occurs) {
    const component = this.#find('group', particle.nameIn('ref') ?? '{}');
    if (!component) throw particle.fault('the group that is meant here is not described');
    this.#nested(particle, () => {
      for (const child of component.element.all(XSD, 'sequence', 'all', 'choice'))
        this.#particle(child, component.schema, component.namespace, members, occurs);
    });
  }

  #element(element, schema, namespace, members, { isOptional, isList }) {
    const reference = element.nameIn('ref');
    const target = reference === undefined ? undefined : this.#find('element', reference);
    if (reference !== undefined && !target)
      throw element.fault(`the element ${localOf(reference)} of '${uriOf(reference)}' is not described`);
    const said = target?.element ?? element;
    const isComplex = target && said.first(XSD, 'complexType');
    let type = isComplex
      ? this.#reference('element', reference, target)
      : this.#typeOf(said, target?.schema ?? schema, target?.namespace ?? namespace);
    if (said.get('nillable') === 'true') type = orNull(type);
    type = { ...type, ...documented(element), ...defaultOf(said, type) };
    const form = element.get('form') ?? schema.get('elementFormDefault');
    const uri = reference === undefined ? (form === 'qualified' ? namespace : '') : uriOf(reference);
    const name = said.get('name') ?? '';
    if (name === '') throw element.fault('an element lacks its name');
    members.add(
      name,
      isList ? { type: 'array', items: type } : type,
      uri === '' ? {} : { namespace: uri },
      !isOptional,
    );
  }

  #collectAttributes(element, schema, namespace, members) {
    for (const group of element.all(XSD, 'attributeGroup')) {
      const component = this.#find('attributeGroup', group.nameIn('ref') ?? '{}');
      if (!component) throw group.fault('the attribute group that is meant here is not described');
      this.#nested(group, () =>
        this.#collectAttributes(component.element, component.schema, component.namespace, members),
      );
    }
    for (const attribute of element.all(XSD, 'attribute')) {
      if (attribute.get('use') === 'prohibited') continue;
      const reference = attribute.nameIn('ref');
      const said = reference === undefined ? attribute : this.#find('attribute', reference)?.element;
      const type =
        said && (said.get('type') !== undefined || said.first(XSD, 'simpleType'))
          ? this.#typeOf(said, schema, namespace)
          : { type: 'string' };
      const name = said?.get('name') ?? localOf(reference ?? '{}');
      if (name === '') throw attribute.fault('an attribute lacks its name');
      const uri = reference === undefined ? '' : uriOf(reference);
      members.add(
        name,
        { ...type, ...documented(attribute), ...defaultOf(attribute, type) },
        { attribute: true, ...(uri === '' ? {} : { namespace: uri }) },
        attribute.get('use') === 'required',
      );
    }
  }
}

// The properties of an object in the order of the XML. `xml` says how one is written, as in OpenAPI.
class Members {
  #members = new Map();
  #names = new NameBook();

  add(name, schema, xml, required) {
    const [known, member] = this.#same(name, xml);
    if (member) {
      this.#members.set(known, { ...member, required: member.required && required });
      return;
    }
    const key = this.#names.claim(name);
    const hint = { ...(key === name || xml.text ? {} : { name }), ...xml };
    this.#members.set(key, {
      name,
      xml,
      required,
      schema: Object.keys(hint).length === 0 ? schema : { ...schema, xml: hint },
    });
  }

  takeAttributes(other) {
    for (const [key, member] of other.#members) {
      if (member.xml.attribute && !this.#members.has(key)) this.#members.set(this.#names.claim(key), member);
    }
  }

  // An element may stand in two branches of a choice.
  #same(name, xml) {
    return (
      [...this.#members].find(
        ([, member]) => member.name === name && JSON.stringify(member.xml) === JSON.stringify(xml),
      ) ?? []
    );
  }

  toSchema() {
    const members = [...this.#members];
    return {
      type: 'object',
      properties: Object.fromEntries(members.map(([key, { schema }]) => [key, schema])),
      required: members.filter(([, { required }]) => required).map(([key]) => key),
    };
  }
}

function documented(element) {
  const text = element.first(XSD, 'annotation')?.first(XSD, 'documentation')?.text.replace(/\s+/g, ' ').trim();
  return text ? { description: text } : {};
}

function defaultOf(element, type) {
  const text = element.get('fixed') ?? element.get('default');
  return text === undefined || type.type === undefined || type.type === 'object'
    ? {}
    : { default: valueOf(text, type) };
}

function where({ file, line }) {
  return `${file}:${line}`;
}
