import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { open } from '../../../../libs/engine/src/testing/engine.fixture.ts';
import { modelOf, node, type Sketch, WITH_SEQUENCE } from '../../../../libs/onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../../../libs/onnx/src/testing/model-bytes.fixture.ts';
import { type Skeleton, skeletonOf } from './skeleton.ts';

async function skeleton(file: string): Promise<Skeleton> {
  const engine = await open(file);
  const model = engine.get();
  await engine.close();
  return skeletonOf('a model', model, undefined);
}

async function sketched(sketch: Sketch, metadata: Record<string, string> = {}): Promise<Skeleton> {
  const file = join(mkdtempSync(join(tmpdir(), 'nestor-')), 'sketch.onnx');
  writeFileSync(file, modelBytes({ ...modelOf(sketch), metadata }));
  return skeleton(file);
}

describe('the task', () => {
  it('is no classification where an output has distances from clusters', async () => {
    const nodes = [node('ArgMin', 'x', 'label', { axis: 1, keepdims: 0 }), node('Identity', 'x', 'scores')];
    const { manifest } = await sketched({ inputs: { x: ['N', 3] }, nodes, outputs: ['label', 'scores'] });
    expect(manifest).toMatchObject({ task: 'tensor' });
    expect(manifest.labels).toBeUndefined();
  });

  it('is no regression where a state goes in and out beside the number', async () => {
    const nodes = [node('ReduceMean', 'x', 'y', { axes: [1] }), node('Identity', 'state', 'next')];
    const inputs = { x: ['N', 4], state: [2, 'N', 3] };
    const { manifest } = await sketched({ inputs, nodes, outputs: ['y', 'next'], opset: 17 });
    expect(manifest.task).toBe('tensor');
  });

  it.each([
    ['models/housing/1/model.onnx', 'regression', undefined],
    ['test/models/sklearn-zipmap/1/model.onnx', 'classification', ['setosa', 'versicolor', 'virginica']],
    ['test/models/xgboost/1/model.onnx', 'classification', undefined],
    ['test/models/text/1/model.onnx', 'classification', undefined],
  ])('of %s is %s', async (file, task, labels) => {
    const { manifest } = await skeleton(file);
    expect(manifest).toMatchObject({ task, ...(labels && { labels }) });
    expect(manifest.labels).toEqual(labels);
  });
});

it('of a detector has all that the server takes from its file', async () => {
  const { manifest } = await skeleton('test/models/detectors/yolov8/model.onnx');
  expect(manifest).toMatchObject({
    task: 'object-detection',
    labels: ['cat', 'cup', 'person'],
    image: { width: 160, height: 160, fit: 'contain' },
    detection: { head: 'yolov8', scoreThreshold: 0.25, overlapThreshold: 0.7, maxDetections: 300 },
  });
  expect(manifest.features).toBeUndefined();
});

describe('what the file says beside its graph', () => {
  const pictures = {
    inputs: { images: ['N', 3, 'height', 'width'] },
    nodes: [node('GlobalAveragePool', 'images', 'pooled'), node('Flatten', 'pooled', 'flat'), node('Softmax', 'flat')],
  };

  it('is the size of pictures and their classes', async () => {
    const metadata = { names: "{0: 'cat', 1: 'dog', 2: 'hen'}", imgsz: '[96, 64]', stride: '1', task: 'classify' };
    const { manifest } = await sketched(pictures, metadata);
    expect(manifest).toEqual({
      title: 'a model',
      task: 'image',
      labels: ['cat', 'dog', 'hen'],
      image: { width: 64, height: 96, channels: 3, layout: 'NCHW', scale: 1 / 255, fit: 'cover' },
    });
  });

  it('is told where no output has a value for each of its names', async () => {
    const { manifest, notes } = await sketched(pictures, { names: "['cat', 'dog']", imgsz: '64', task: 'detect' });
    expect(manifest).toMatchObject({ task: 'image', image: { width: 64, height: 64, fit: 'contain' } });
    expect(manifest.labels).toBeUndefined();
    expect(notes.join('\n')).toContain('The file names 2 classes or characters, but no output of shape [N, 2]');
  });

  it('is the names of columns', async () => {
    const inputs = { x: ['N', 2] };
    const { manifest } = await sketched({ inputs, nodes: [node('Relu', 'x')] }, { feature_names: 'age income' });
    expect(manifest.features).toMatchObject([{ name: 'age' }, { name: 'income' }]);
  });
});

it('names outputs that are not served', async () => {
  const { notes } = await sketched(WITH_SEQUENCE);
  expect(notes.join('\n')).toContain('The output all is not served.');
});

describe('a text model', () => {
  it.each([
    ['sentiment/model.onnx', 'text-classification'],
    ['reranker/model.onnx', 'rerank'],
    ['entities/model.onnx', 'token-classification'],
    ['embedding/onnx/model.onnx', 'text-embedding'],
  ])('leaves to its folder all but its task: %s', async (file, task) => {
    const { manifest } = await skeleton(`test/models/texts/${file}`);
    expect(manifest).toEqual({ title: 'a model', task });
  });
});
