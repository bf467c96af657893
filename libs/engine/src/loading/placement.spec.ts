import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Tensor } from '#tensor';
import type { Engine } from '../engine.ts';
import { open } from '../testing/engine.fixture.ts';
import { ModelsOnDisk } from '../../../models/src/testing/disk.fixture.ts';
import { integers, modelOf, node } from '../../../onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../../onnx/src/testing/model-bytes.fixture.ts';

/** Takes as long as the square of its rows' length. */
const PRODUCTS = modelBytes(
  modelOf({
    inputs: { x: ['n', 'length'] },
    nodes: [
      node('Unsqueeze', 'x last', 'column'),
      node('Unsqueeze', 'x middle', 'row'),
      node('MatMul', 'column row', 'products'),
      node('ReduceMax', 'products axes', 'y', { keepdims: 0 }),
    ],
    constants: [integers('last', [2]), integers('middle', [1]), integers('axes', [1, 2])],
  }),
);
const LONG = 4000;

let disk: ModelsOnDisk;
let engine: Engine;

beforeEach(async () => {
  disk = await ModelsOnDisk.create();
  await disk.write('m/1/model.onnx', PRODUCTS);
});
afterEach(async () => {
  await engine.close();
  await disk.remove();
  expect(engine.sessions.count).toBe(0);
});

const ofLength = (length: number): Tensor => ({
  datatype: 'FP32',
  shape: [1, length],
  data: new Float32Array(length).fill(2),
});
const run = async (length: number): Promise<unknown> =>
  (await engine.run({ x: ofLength(length) })).outputs['y']!.data[0];

describe('a model that was short when it was measured', () => {
  it('moves into the pool where requests show that its runs are long, and every request is answered', async () => {
    engine = await open(disk.path, { execution: 'auto', workers: 2 });
    expect(engine.get().execution.where).toBe('inline');
    const moved = once(engine, 'moved');
    const answers: Promise<unknown>[] = [];
    const seen = { moved: false };
    void moved.then(() => (seen.moved = true));
    while (!seen.moved) {
      answers.push(run(LONG));
      await answers.at(-1);
    }
    expect(await moved).toMatchObject([
      { name: 'm', version: '1', reason: expect.stringContaining('moved while serving') },
    ]);
    expect(engine.get().execution).toMatchObject({ where: 'pool', workers: 2 });
    expect(new Set(await Promise.all([...answers, run(LONG), run(3)]))).toEqual(new Set([4]));
    expect([engine.sessions.count, engine.sessions.workers]).toEqual([2, 2]);
  });

  it('stays where it was asked to be', async () => {
    engine = await open(disk.path, { execution: 'inline' });
    engine.on('moved', () => {
      throw new Error('It moved.');
    });
    for (let runs = 0; runs < 8; runs += 1) await run(LONG);
    expect(engine.get().execution.where).toBe('inline');
    expect(engine.sessions.workers).toBe(0);
  });

  it('leaves nothing behind where it is closed while it moves', async () => {
    engine = await open(disk.path, { execution: 'auto', workers: 1 });
    const moving = new Promise<void>((resolve) => {
      const openPool = engine.sessions.openPool.bind(engine.sessions);
      engine.sessions.openPool = (...given) => {
        resolve();
        return openPool(...given);
      };
    });
    const seen = { moving: false };
    void moving.then(() => (seen.moving = true));
    while (!seen.moving) await run(LONG);
    await engine.close();
    expect([engine.sessions.count, engine.sessions.workers]).toEqual([0, 0]);
  });
});
