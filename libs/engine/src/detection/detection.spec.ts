import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import type { Detection } from '#detections';
import { modelOf, node, type Sketch } from '../../../onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../../onnx/src/testing/model-bytes.fixture.ts';
import { openModel } from '../library/open-models.ts';
import { open } from '../testing/engine.fixture.ts';

const DETECTORS = 'test/models/detectors';

/** A model's folder with another manifest. */
function folderOf(model: string, manifest: object): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'nestor-')), 'model');
  cpSync(join(DETECTORS, model), folder, { recursive: true });
  writeFileSync(join(folder, 'model.json'), JSON.stringify(manifest));
  return folder;
}

async function taskOf(path: string): Promise<string> {
  const engine = await open(path);
  const { name } = engine.status()[0]!;
  const { task } = engine.describe(name);
  await engine.close();
  return task;
}

it('answers a program of its own picture by picture, or all together', async () => {
  const model = await openModel<Uint8Array, { detections: readonly Detection[] }>(join(DETECTORS, 'torchvision-ssd'));
  const pictures = ['chelsea.jpg', 'coffee.jpg'].map((name) => readFileSync(join(DETECTORS, 'pictures', name)));
  const both = await model.predict(pictures);
  expect(both.map((answer) => Object.keys(answer))).toEqual([['detections'], ['detections']]);
  for (const [at, picture] of pictures.entries()) expect(await model.predict(picture)).toEqual(both[at]);
  await model.close();
});

describe('a manifest', () => {
  it.each([
    ['another task', { task: 'tensor' }, 'tensor'],
    ['outputs of its own', { outputs: { prediction: 'output0' } }, 'tensor'],
    ['a title alone', { title: 'A detector' }, 'object-detection'],
  ])('with %s', async (_, manifest, task) => {
    expect(await taskOf(folderOf('yolov8', manifest))).toBe(task);
  });

  test.each<[string, string, object, string]>([
    [
      'a head that the outputs do not have',
      'yolov8',
      { labels: ['a'], detection: { head: 'boxes' } },
      'are not told apart among the outputs output0',
    ],
    ['outputs beside', 'yolov8', { task: 'object-detection', outputs: { all: 'output0' } }, 'remove "outputs"'],
    ['another task', 'yolov8', { task: 'tensor', detection: { head: 'yolov8' } }, 'remove one of them'],
    ['no head', 'torchvision-ssd', { task: 'object-detection', image: { width: 160, height: 160 } }, '"head"'],
    ['no picture', 'torchvision-ssd', { detection: { head: 'boxes' } }, 'write an "image" block'],
  ])('is refused with %s', async (_, model, manifest, message) => {
    await expect(open(folderOf(model, manifest))).rejects.toThrow(message);
  });
});

describe('a file', () => {
  /** A model that answers as its metadata says, of one picture of 8 × 8. */
  const sketch: Sketch = {
    inputs: { images: [1, 3, 8, 8] },
    nodes: [node('AveragePool', 'images', 'y', { kernel_shape: [8, 8] }), node('Flatten', 'y', 'flat')],
    outputs: ['flat'],
  };
  const written = (metadata: Record<string, string>): string => {
    const file = join(mkdtempSync(join(tmpdir(), 'nestor-')), 'model.onnx');
    writeFileSync(file, modelBytes({ ...modelOf(sketch), metadata }));
    return file;
  };

  it.each<[string, Record<string, string>]>([
    ['of another task', { stride: '32', names: '["a"]', task: 'segment' }],
    ['whose outputs have another shape', { stride: '32', names: '["a"]', task: 'detect' }],
    ['that names no classes', { stride: '32', task: 'detect' }],
  ])('%s is no detector', async (_, metadata) => {
    expect(await taskOf(written(metadata))).toBe('tensor');
  });
});
