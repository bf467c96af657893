import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Reader } from '../reader.ts';
import { serve } from '../serve.ts';

const PAGE = 'docs/predict.md';
const TEXTS = ['sentiment', 'entities', 'embedding', 'reranker'].map((name) => `test/models/texts/${name}`);
/** The models that the page asks. */
const MODELS = [
  ...['models/housing', 'models/wine', 'models/digits'],
  ...['test/models/several', 'test/models/not-finite', 'test/models/detectors/yolov8'],
  ...TEXTS,
];

let models: string;
let reader: Reader;
beforeEach(async () => {
  models = mkdtempSync(join(tmpdir(), 'nestor-predict-'));
  for (const path of MODELS) symlinkSync(resolve(path), join(models, basename(path)));
  const { url } = await serve({ MODELS: models, DEFAULT_MODEL: 'housing' });
  reader = new Reader(url);
  symlinkSync(resolve('test'), join(reader.folder, 'test'));
});
afterEach(async () => {
  await reader.leave();
  rmSync(models, { recursive: true });
});

it('docs/predict.md shows what its requests are answered', async () => {
  const { shown, printed } = await reader.follow(PAGE);
  expect(printed).toBe(shown);
  expect(shown.match(/^\$ /gm)!.length).toBeGreaterThan(20);
});
