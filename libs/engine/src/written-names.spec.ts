import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { modelOf, node } from '../../onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../onnx/src/testing/model-bytes.fixture.ts';
import type { Engine } from './engine.ts';
import { open } from './testing/engine.fixture.ts';

let engine: Engine;

afterEach(() => engine.close());

/** The probabilities of two classes. */
const graph = { inputs: { x: ['N', 2] }, nodes: [node('Softmax', 'x')] };
const METADATA = { names: "{0: 'cat', 1: 'dog'}", feature_names: 'ears whiskers' };

async function answer(row: Record<string, unknown>, metadata: Record<string, string>, manifest?: string) {
  const folder = join(mkdtempSync(join(tmpdir(), 'nestor-')), 'pets');
  mkdirSync(folder);
  writeFileSync(join(folder, 'model.onnx'), modelBytes({ ...modelOf(graph), metadata }));
  if (manifest !== undefined) writeFileSync(join(folder, 'model.json'), manifest);
  engine = await open(folder);
  const { model: _model, ...members } = await engine.predict([row]);
  return { task: engine.describe('pets').task, ...members };
}

const near = (value: number): unknown => expect.closeTo(value, 6);
const PROBABILITIES = { cat: near(0.7310586), dog: near(0.2689414) };

it('names that the file holds are those of columns and classes', async () => {
  expect(await answer({ whiskers: 1, ears: 2 }, METADATA)).toEqual({
    task: 'classification',
    prediction: ['cat'],
    probabilities: [PROBABILITIES],
    warnings: [],
  });
});

it("the manifest's names take their place", async () => {
  const manifest = { labels: ['Katze', 'Hund'], features: [{ name: 'Ohren' }, { name: 'Bart' }] };
  expect(await answer({ Ohren: 2, Bart: 1 }, METADATA, JSON.stringify(manifest))).toMatchObject({
    prediction: ['Katze'],
  });
});

it.each([
  ['too few', { names: "['cat']", feature_names: 'ears' }],
  ['the same twice', { names: "['cat', 'cat']", feature_names: 'ears ears' }],
  ['columns that were only counted', { feature_names: 'Column_0 Column_1' }],
  ['what objects inherit', { names: "['a', 'b', 'c']", feature_names: 'ears __proto__' }],
])('names that do not fit are passed over: %s', async (_, metadata) => {
  expect(await answer({ x: [2, 1] }, metadata)).toMatchObject({
    task: 'tensor',
    prediction: [Object.values(PROBABILITIES)],
  });
});
