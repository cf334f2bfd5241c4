// Reading JSON that may have any shape: what is not what was hoped for counts as absent.
export function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

export function listOf(value) {
  return Array.isArray(value) ? value : [];
}

export function textOf(value) {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
