import { describe, expect, test } from '@jest/globals';
import { readingOf, type Sketch } from './graphs.fixture.ts';
import { effectOfBatch } from './rows-in-runs.fixture.ts';

/** A graph, and what is to be read off it: the kind, or a part of the sentence. */
export type RuleCase = readonly [what: string, sketch: Sketch, reading: string];

/**
 * Reads graphs, and runs them: rows that are said to be independent must be answered alike alone and together, and those that
 * are said to be mixed must not.
 */
export function describeRules(title: string, cases: readonly RuleCase[]): void {
  describe(title, () => {
    test.each(cases)('%s', async (_, sketch, reading) => {
      const found = readingOf(sketch);
      expect(found).toContain(reading);
      if (found === 'independent' || found.startsWith('within-request'))
        expect(await effectOfBatch(sketch)).toBe('none');
      if (found.startsWith('mixes')) expect(await effectOfBatch(sketch)).not.toBe('none');
    });
  });
}
