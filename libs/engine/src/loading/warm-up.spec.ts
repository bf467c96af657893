import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Instance } from '#inference';
import type { Manifest } from '#models';
import type { ModelFile } from '#onnx';
import type { Signature } from '#tensor';
import type { ModelVersion } from '../model-version.ts';
import type { Engine } from '../engine.ts';
import { open } from '../testing/engine.fixture.ts';
import { SAMPLES } from './example-rows.ts';
import { warmUp } from './warm-up.ts';
import { ModelsOnDisk } from '../../../models/src/testing/disk.fixture.ts';
import { ELEMENT } from '../../../onnx/src/model-file/model-file.ts';
import { floats, integers, modelOf, node, type Sketch } from '../../../onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../../onnx/src/testing/model-bytes.fixture.ts';

let disk: ModelsOnDisk;
let engine: Engine | undefined;

beforeEach(async () => {
  disk = await ModelsOnDisk.create();
});
afterEach(async () => {
  await engine?.close();
  await disk.remove();
});

async function loaded(sketch: Sketch, manifest: Manifest = {}): Promise<ModelVersion> {
  await disk.write('m/1/model.onnx', modelBytes(modelOf(sketch)));
  await disk.manifest('m', manifest);
  engine = await open(disk.path, { execution: 'auto' });
  return engine.get();
}

const measuredRows = ({ timings }: ModelVersion): string[] => Object.keys(timings.msPerRow);

const MEAN = { inputs: { x: ['n', 'c', 'h', 'w'] }, nodes: [node('GlobalAveragePool', 'x')] };

describe('runs on made-up inputs', () => {
  it.each([
    ['a picture of 48 Mi elements', [1, 3, 4096, 4096]],
    ['more elements than there is memory', [1, 2 ** 40]],
  ])('are none where a row is too large: %s', async (_, shape) => {
    const model = await loaded({ inputs: { x: shape }, nodes: [node('ReduceMax', 'x', 'y', { keepdims: 0 })] });
    expect(measuredRows(model)).toEqual([]);
    expect(model.execution).toMatchObject({ where: 'pool', reason: expect.stringContaining('4 Mi elements') });
    expect(model.batching.maxBatchRows).toBe(1);
  });

  it('have fewer rows where a row is large', async () => {
    const model = await loaded({ inputs: { x: ['n', 2 ** 19] }, nodes: [node('Relu', 'x')] });
    expect(measuredRows(model)).toEqual(['1', '8']);
  });

  it('that fail with more rows lower the batch, nothing more', async () => {
    const model = await loaded({
      inputs: { x: ['n', 4] },
      nodes: [node('Reshape', 'x to')],
      constants: [integers('to', [1, 2, 2])],
    });
    expect(model.batching.maxBatchRows).toBe(1);
    expect((await model.predict({ x: [1, 2, 3, 4] })).prediction).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
  });

  it('may fail all but one', async () => {
    const model = await loaded({
      inputs: { index: { shape: ['n'], elementType: ELEMENT.INT64 } },
      nodes: [node('Gather', 'table index')],
      constants: [floats('table', [1], [0.5])],
    });
    expect(measuredRows(model)).toContain('1');
    expect((await model.predict([{ index: 0 }])).prediction).toEqual([0.5]);
  });

  it('may fail all: what runs cost is learnt from requests, one row at a time', async () => {
    const model = await loaded({
      inputs: { index: { shape: ['n'], elementType: ELEMENT.INT64 } },
      nodes: [node('Add', 'index far', 'there'), node('Gather', 'table there')],
      constants: [floats('table', [2], [0.5, 0.25]), integers('far', -1000)],
    });
    expect(measuredRows(model)).toEqual([]);
    expect(model.batching.maxBatchRows).toBe(1);
    expect((await model.predict([{ index: 1001 }, { index: 1000 }])).prediction).toEqual([0.25, 0.5]);
  });
});

describe('a model that takes one row', () => {
  it('has no rows where it answers more the longer the row is', async () => {
    const model = await loaded({
      inputs: { x: [1, 1, 64, 'w'] },
      nodes: [
        node('Conv', 'x w', 'seen', { strides: [1, 8] }),
        node('Transpose', 'seen', 'steps', { perm: [3, 0, 1, 2] }),
        node('Squeeze', 'steps height'),
      ],
      constants: [floats('w', [3, 1, 64, 8]), integers('height', [3])],
    });
    expect(model.rows).toMatchObject({ kind: 'none', by: 'tests' });
    for (const width of [8, 16, 64]) {
      const x = { datatype: 'FP32', shape: [1, 1, 64, width], data: new Float32Array(64 * width) } as const;
      const { outputs } = await engine!.run({ x });
      expect(outputs['y']!.shape).toEqual([width / 8, 1, 3]);
    }
  });
});

describe('pictures', () => {
  it('are tried at the size that the manifest names', async () => {
    const model = await loaded(
      {
        inputs: { x: ['n', 3, 'h', 'w'] },
        nodes: [node('Flatten', 'x', 'flat'), node('MatMul', 'flat weights')],
        constants: [floats('weights', [3 * 32 * 32, 1])],
      },
      { image: { width: 32, height: 32 } },
    );
    expect(measuredRows(model)).toContain('8');
  });

  it('are not measured where they may have any size', async () => {
    const model = await loaded(MEAN);
    expect(measuredRows(model)).toEqual([]);
    expect(model.execution).toMatchObject({ where: 'pool', reason: expect.stringContaining('pictures of any size') });
    expect(model.rows.kind).toBe('independent');
  });
});

describe('what the answers of first runs decide', () => {
  const softmaxed = { name: 'y', datatype: 'FP32', shape: [-1, 2] } as const;
  const signature: Signature = { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 3] }], outputs: [softmaxed] };
  const graph = { name: '', nodes: [], inputs: [], outputs: [], values: [], initializers: [] };
  const file: ModelFile = { opsets: {}, metadata: {}, functions: [], graph };
  /** Each run takes longer than the time for all samples. */
  const slow = (first: number): Instance => ({
    concurrency: 1,
    async run({ x }) {
      await delay(60);
      const share = Math.abs(x!.data[0] as number) % 1;
      return { y: { datatype: 'FP32', shape: [1, 2], data: new Float32Array([first * share, 1 - share]) } };
    },
  });
  const trial = { signature, examples: [], given: 0, hasRows: true, maxRows: 1, file };

  it('does not depend on how long they take: all samples run while they look like probabilities', async () => {
    expect((await warmUp(slow(1), trial)).answers).toHaveLength(SAMPLES);
  });

  it('takes no more runs than there is time for once they do not', async () => {
    expect((await warmUp(slow(7), trial)).answers.length).toBeLessThan(SAMPLES);
  });
});
