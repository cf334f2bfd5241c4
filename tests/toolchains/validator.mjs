// The judge of schemas: reads lines `{"schema":…,"value":…}` and answers each with two verdicts, as
// ajv reads the schema by draft-07 and by 2020-12. A schema that ajv refuses ends the process.
import readline from 'node:readline';
import Ajv07 from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const readers = [Ajv07.default, Ajv2020.default].map((Ajv) => addFormats.default(new Ajv({ strict: false })));

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { schema: { $schema, ...schema }, value } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(readers.map((reader) => reader.compile(schema)(value)))}\n`);
}
