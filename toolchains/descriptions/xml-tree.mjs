// XML text to a tree of elements, with namespaces and lines. Document types are refused, so there is nothing to expand.
import sax from 'sax';
import { Fault } from './fault.mjs';
import { LIMITS } from './limits.mjs';

class XmlElement {
  constructor({ uri, local, attributes, ns }, file, line) {
    Object.assign(this, { uri, local, attributes, file, line, ns, children: [], text: '' });
  }

  // The value of an attribute without a namespace.
  get(name) {
    return this.attributes.get(name);
  }

  all(uri, ...locals) {
    return this.children.filter((child) => child.uri === uri && locals.includes(child.local));
  }

  first(uri, ...locals) {
    return this.children.find((child) => child.uri === uri && locals.includes(child.local));
  }

  // `tns:Pet` in an attribute, as `{namespace}Pet`; undefined when the attribute is not there.
  nameIn(attribute) {
    const written = this.get(attribute);
    if (written === undefined) return undefined;
    const [local, prefix = ''] = written.trim().split(':').reverse();
    const uri = this.ns[prefix];
    if (uri === undefined && prefix !== '') throw this.fault(`the prefix of '${written}' is not declared`);
    return qualified(uri ?? '', local);
  }

  fault(message) {
    return new Fault(message, { file: this.file, line: this.line });
  }
}

export function qualified(uri, local) {
  return `{${uri}}${local}`;
}

export function localOf(name) {
  return name.slice(name.indexOf('}') + 1);
}

export function uriOf(name) {
  return name.slice(1, name.indexOf('}'));
}

export function parseXml(text, file) {
  const parser = sax.parser(true, { xmlns: true, position: true });
  const open = [];
  let root = null;
  const fault = (message) => new Fault(message, { file, line: parser.line + 1, column: parser.column + 1 });
  parser.onerror = (error) => {
    throw fault(`it is not XML: ${error.message.split('\n')[0]}`);
  };
  parser.ondoctype = () => {
    throw fault('a document type is not read');
  };
  parser.onopentag = ({ uri, local, attributes, ns }) => {
    if (open.length === LIMITS.depth) throw fault(`it is nested deeper than ${LIMITS.depth}`);
    const plain = new Map(
      Object.values(attributes)
        .filter((attribute) => attribute.uri === '')
        .map((attribute) => [attribute.local, attribute.value]),
    );
    const element = new XmlElement({ uri, local, attributes: plain, ns }, file, parser.line + 1);
    if (open.length > 0) open.at(-1).children.push(element);
    else root = element;
    open.push(element);
  };
  parser.onclosetag = () => open.pop();
  parser.ontext = (part) => {
    if (open.length > 0) open.at(-1).text += part;
  };
  parser.oncdata = parser.ontext;
  parser.write(text.replace(/^\uFEFF/, '')).close();
  if (root === null) throw new Fault('it is not XML: there is no element', { file, line: 1 });
  return root;
}
