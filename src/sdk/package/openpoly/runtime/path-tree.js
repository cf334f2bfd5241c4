'use strict';
// Dotted paths become nested objects. What stands at a path may have further paths below it.

// `leaves` is a list of [path, value] where a value is a function or an object.
function pathTree(leaves) {
  const root = {};
  // Shorter paths first: `a.b` has to be there before `a.b.c` is put on it.
  for (const [path, value] of [...leaves].sort(([left], [right]) => left.length - right.length)) {
    const segments = path.split('.');
    const last = segments.pop();
    let node = root;
    for (const segment of segments) node = childOf(node, segment);
    put(node, last, value);
  }
  return root;
}

function childOf(node, segment) {
  if (!Object.hasOwn(node, segment) || isBuiltInMember(node, segment)) put(node, segment, {});
  return node[segment];
}

// A function has a `name` and a `length` of its own, which paths hide.
function isBuiltInMember(node, segment) {
  return typeof node === 'function' && !Object.getOwnPropertyDescriptor(node, segment).enumerable;
}

// Not by assignment: `__proto__` and `name` are good names in a catalog.
function put(node, segment, value) {
  Object.defineProperty(node, segment, { value, enumerable: true, configurable: true, writable: true });
}

module.exports = { pathTree };
