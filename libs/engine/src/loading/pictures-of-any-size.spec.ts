import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import sharp from 'sharp';
import { modelOf, node, type Sketch } from '../../../onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../../onnx/src/testing/model-bytes.fixture.ts';
import { openModel } from '../library/open-models.ts';
import { open } from '../testing/engine.fixture.ts';

const IMAGES = { images: ['batch', 3, 'height', 'width'] } as const;
/** The mean of each colour. */
const MEANS: Sketch = {
  inputs: IMAGES,
  nodes: [node('GlobalAveragePool', 'images', 'pooled'), node('Flatten', 'pooled', 'flat')],
  outputs: ['flat'],
};
/** As large as its picture. */
const MAP: Sketch = { inputs: IMAGES, nodes: [node('Relu', 'images', 'map')], outputs: ['map'] };

const picture = (width: number, height: number, red: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: { r: red, g: 7, b: 0 } } })
    .png()
    .toBuffer();

/** The means, with the pictures along the last dimension, as the steps of a text are in a recogniser's output. */
const TRANSPOSED: Sketch = {
  ...MEANS,
  nodes: [...MEANS.nodes, node('Transpose', 'flat', 'turned')],
  outputs: ['turned'],
};

async function opened(sketch: Sketch) {
  const folder = folderOf(sketch);
  return openModel<Uint8Array, { prediction: readonly number[] }>(folder);
}

function folderOf(sketch: Sketch): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'nestor-')), 'model');
  mkdirSync(folder);
  writeFileSync(join(folder, 'model.onnx'), modelBytes(modelOf(sketch)));
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ image: { longerSide: 8 } }));
  return folder;
}

const pictures = () => Promise.all([picture(16, 8, 1), picture(8, 16, 2), picture(32, 16, 3), picture(4, 4, 4)]);

it('answers pictures of different sizes in one request, each as alone', async () => {
  const model = await opened(MEANS);
  const answers = await model.predict(await pictures());
  expect(answers.map(({ prediction }) => prediction)).toEqual([1, 2, 3, 4].map((red) => [red, 7, 0]));
  await model.close();
});

it('refuses them where their outputs cannot be one, and answers each alone', async () => {
  const model = await opened(MAP);
  const sent = await pictures();
  await expect(model.predict(sent)).rejects.toMatchObject({
    code: 'INPUT_REFUSED',
    message: expect.stringContaining('send pictures of different sizes in requests of their own'),
  });
  expect((await model.predict([sent[0], sent[2]])).map(({ prediction }) => prediction.flat(2)[0])).toEqual([1, 3]);
  await model.close();
});

it('refuses them where outputs have no dimension for pictures', async () => {
  const engine = await open(folderOf(TRANSPOSED));
  expect(engine.get().rows.kind).toBe('none');
  const sent = await pictures();
  await expect(engine.predict(sent.slice(0, 2))).rejects.toMatchObject({
    code: 'INPUT_REFUSED',
    message: expect.stringContaining('send each picture in a request of its own'),
  });
  await engine.close();
});
