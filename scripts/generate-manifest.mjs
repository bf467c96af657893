/**
 * Generates from libs/models/src/model.schema.json the Manifest type, and a copy of the schema in docs/ for completion
 * in editors. With --check, writes nothing, and fails if either is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { compile } from 'json-schema-to-typescript';

const SCHEMA = 'libs/models/src/model.schema.json';
const text = await readFile(SCHEMA, 'utf8');

/** Bounds on a list's length would become tuples in the type, which helps only if the length is fixed. */
const withoutOpenBounds = (_key, value) => {
  if (value?.minItems === value?.maxItems) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'minItems' && key !== 'maxItems'));
};

const made = {
  'libs/models/src/manifest-type.ts': await compile(JSON.parse(text, withoutOpenBounds), 'Manifest', {
    bannerComment:
      '/* Made from model.schema.json by `npm run generate:manifest`: change the schema, not this file. */',
    style: { singleQuote: true, printWidth: 120 },
  }),
  'docs/model.schema.json': text,
};

const stale = [];
for (const [path, content] of Object.entries(made)) {
  if ((await readFile(path, 'utf8').catch(() => '')) === content) continue;
  stale.push(path);
  if (!process.argv.includes('--check')) await writeFile(path, content);
}
if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`${stale.join(' and ')} out of date with ${SCHEMA}. Run: npm run generate:manifest`);
  process.exit(1);
}
