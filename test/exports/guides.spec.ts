import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Reader } from '../reader.ts';

const FROM_SCIKIT_LEARN = 'docs/from-scikit-learn.md';

/** Has this repository beside the folder of the guide, and in that folder a Python environment. */
let reader: Reader;
beforeAll(() => void execFileSync(process.execPath, ['scripts/package.mjs']));
beforeEach(() => {
  reader = new Reader();
  symlinkSync(process.cwd(), join(dirname(reader.folder), 'nestor'));
  symlinkSync(resolve('test/exports/.venv'), join(reader.folder, '.venv'));
});
afterEach(() => reader.leave());

describe(FROM_SCIKIT_LEARN, () => {
  it('shows what its commands print', async () => {
    const { shown, printed } = await reader.follow(FROM_SCIKIT_LEARN);
    expect(printed).toBe(shown);
    expect(shown).toContain('$ node call.ts\n');
  });

  it('installs the versions that it is tested with', () => {
    const installed = readFileSync('test/exports/requirements.txt', 'utf8').split('\n');
    const named = readFileSync(FROM_SCIKIT_LEARN, 'utf8').match(/[\w-]+==[\d.]+/g)!;
    expect(named).toHaveLength(3);
    expect(installed).toEqual(expect.arrayContaining(named));
  });
});
