import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Reader } from '../reader.ts';
import { serve } from '../serve.ts';

/** Pages that show requests to a server that runs. */
const PAGES = ['docs/predict.md', 'docs/images.md', 'docs/labelling.md'];
const TEXTS = ['sentiment', 'entities', 'embedding', 'reranker'].map((name) => `test/models/texts/${name}`);
/** The models that they ask. */
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
  for (const folder of ['docs', 'test']) symlinkSync(resolve(folder), join(reader.folder, folder));
});
afterEach(async () => {
  await reader.leave();
  rmSync(models, { recursive: true });
});

it.each(PAGES)('%s shows the responses to its requests', async (page) => {
  const { shown, printed } = await reader.follow(page);
  expect(printed).toBe(shown);
  expect(shown).toContain('$ curl ');
});
