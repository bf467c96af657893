/** Writes the pages that are generated from code. `test/repository/docs.spec.ts` fails if they are out of date. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES } from './docs.ts';

for (const [path, text] of Object.entries(PAGES)) {
  writeFileSync(join(import.meta.dirname, '..', path), text);
  console.log(`wrote ${path}`);
}
