import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Reader } from '../reader.ts';
import { codeBlocks } from '../walkthrough.ts';

const FROM_SCIKIT_LEARN = 'docs/from-scikit-learn.md';
const FROM_PYTORCH = 'docs/from-pytorch.md';
/** What the page's train.py made, by the versions that the page names: PyTorch is too large to install it for one test. */
const SHAPES = 'test/exports/shapes';

/** Has this repository beside the folder of the guide. */
let reader: Reader;
beforeAll(() => void execFileSync(process.execPath, ['scripts/package.mjs']), 300_000);
beforeEach(() => {
  reader = new Reader();
  symlinkSync(process.cwd(), join(dirname(reader.folder), 'nestor'));
});
afterEach(() => reader.leave());

describe(FROM_SCIKIT_LEARN, () => {
  it('shows what its commands print', async () => {
    symlinkSync(resolve('test/exports/.venv'), join(reader.folder, '.venv'));
    const { shown, printed } = await reader.follow(FROM_SCIKIT_LEARN);
    expect(printed).toBe(shown);
    expect(shown).toContain('$ node call.ts\n');
  }, 300_000);

  it('installs the versions that it is tested with', () => {
    const installed = readFileSync('test/exports/requirements.txt', 'utf8').split('\n');
    const named = readFileSync(FROM_SCIKIT_LEARN, 'utf8').match(/[\w-]+==[\d.]+/g)!;
    expect(named).toHaveLength(3);
    expect(installed).toEqual(expect.arrayContaining(named));
  });
});

describe(FROM_PYTORCH, () => {
  it('shows what its commands print', async () => {
    for (const made of ['shapes.onnx', 'triangle.png']) copyFileSync(join(SHAPES, made), join(reader.folder, made));
    const { shown, printed } = await reader.follow(FROM_PYTORCH);
    expect(printed).toBe(shown);
    expect(shown).toContain('$ node call.ts\n');
  }, 300_000);

  it('shows the script that creates its model', () => {
    const blocks = codeBlocks(readFileSync(FROM_PYTORCH, 'utf8'));
    const script = readFileSync(join(SHAPES, 'train.py'), 'utf8');
    expect(blocks.find(({ file }) => file === 'train.py')?.text).toBe(script);
  });
});
