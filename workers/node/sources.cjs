'use strict';
// Where a line of running code stands in the source its author wrote: the inline source maps of the
// code this worker was given, read only when an error is described.

const INLINE_MAP = /\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([A-Za-z0-9+/=]+)/g;

const encodedMaps = new Map(); // file → base64 text, then SourceMap

function rememberSource(file, code) {
  if (!code.includes('sourceMappingURL=')) return;
  const found = [...code.matchAll(INLINE_MAP)].at(-1);
  if (found) encodedMaps.set(file, found[1]);
}

// Lines and columns count from 1. Without a map, or outside of it, the position is its own origin.
function originalPosition(file, line, column) {
  const map = sourceMap(file);
  const entry = map?.findEntry(line - 1, column - 1);
  if (entry?.originalLine === undefined) return { file, line, column };
  return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

function sourceMap(file) {
  const known = encodedMaps.get(file);
  if (typeof known !== 'string') return known;
  const { SourceMap } = require('node:module');
  let map;
  try {
    map = new SourceMap(JSON.parse(Buffer.from(known, 'base64').toString()));
  } catch {
    map = undefined; // a broken map costs the original positions, never the error itself
  }
  encodedMaps.set(file, map);
  return map;
}

module.exports = { rememberSource, originalPosition };
