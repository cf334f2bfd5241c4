// The options of a request that are more than a flag.
export function contextOf({ context = '' }) {
  if (typeof context !== 'string' || !/^(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)?$/.test(context)) {
    throw new TypeError('options.context: must be names joined by dots');
  }
  return context;
}

export function depthOf({ depth = undefined }, usual, max) {
  if (depth === undefined) return usual;
  if (!Number.isInteger(depth) || depth < 1 || depth > max)
    throw new TypeError(`options.depth: must be a whole number from 1 to ${max}`);
  return depth;
}
