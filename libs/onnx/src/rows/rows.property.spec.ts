import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readingOf } from '../testing/graphs.fixture.ts';
import { sketches } from '../testing/random-sketch.fixture.ts';
import { ALONE, effectOfBatch } from '../testing/rows-in-runs.fixture.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 400);

test('what is read as independent is never contradicted by runs', async () => {
  let shown = 0;
  await fc.assert(
    fc.asyncProperty(sketches, fc.nat(1000), async (sketch, seed) => {
      if (readingOf(sketch) !== 'independent') return;
      const effect = await effectOfBatch(sketch, seed).catch(refused);
      if (effect.startsWith(REFUSED) || effect.startsWith(ALONE)) return;
      shown += 1;
      expect(effect).toBe('none');
    }),
    { numRuns: RUNS },
  );
  expect(shown).toBeGreaterThan(RUNS / 20);
});

const REFUSED = 'refused';

/** Not every graph that is made up is one. */
function refused(error: unknown): string {
  return `${REFUSED}: ${(error as Error).message}`;
}
