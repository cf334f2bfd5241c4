// What a description may ask of the reader, in one place; docs/training-sources.md has the same table.
export const LIMITS = Object.freeze({
  depth: 100, // of JSON, of folders, of XML elements
  documentDepth: 200, // of an OpenAPI document, as src/training has it
  entries: 20_000, // requests of a HAR file or collection, commands, operations
  documentValues: 10_000_000, // of a document that was put together
  yamlValues: 4_000_000, // of one file, those of aliases counted each time
  tokens: 2_000_000, // of one file of a GraphQL schema
  files: 2_000,
  errors: 100, // of one answer
  samples: 50, // of one request
  sampleCharacters: 256 * 1024, // of one body; a longer one is left out
  sampleCharactersAltogether: 32 * 1024 * 1024,
  warnings: 1_000,
});
