import { describe, expect, it } from '@jest/globals';
import { ServerProcess } from '../process/spawn.ts';
import { readCases, withEmptyManifest } from './case.ts';
import { differences } from './differences.ts';
import { FORMS } from './forms.ts';

/** What the built server serves is the exporter's file, or a folder that says no more. */
describe.each(readCases())('$name, compared with $framework', (asked) => {
  it.each([
    { manifest: 'without a manifest', models: asked.file },
    { manifest: 'with an empty one', models: withEmptyManifest(asked) },
  ])('$manifest', async ({ models }) => {
    const url = await new ServerProcess({ MODELS: models }).ready();
    const missed: string[] = [];
    for (const { name, ask, expected } of FORMS)
      missed.push(...differences(await ask(url, asked), expected(asked), name));
    expect(missed).toEqual([]);
  });
});
