import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OnnxSessions, type SessionPool } from '#onnx';
import type { Tensor } from '#tensor';
import type { Engine } from './engine.ts';
import { open } from './testing/engine.fixture.ts';
import { ModelsOnDisk, PLUS_ONE, PLUS_TWO } from '../../models/src/testing/disk.fixture.ts';
import { ELEMENT } from '../../onnx/src/model-file/model-file.ts';
import { floats, modelOf, node, type Sketch } from '../../onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../onnx/src/testing/model-bytes.fixture.ts';

let disk: ModelsOnDisk;
let engine: Engine;

beforeEach(async () => {
  disk = await ModelsOnDisk.create();
});
afterEach(async () => {
  await engine.close();
  await disk.remove();
});

async function serve(sketch: Sketch): Promise<void> {
  await disk.write('m/1/model.onnx', modelBytes(modelOf(sketch)));
  engine = await open(disk.path);
}

const of = (...shape: number[]): Tensor => ({
  datatype: 'FP32',
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
});
const PAIR: Sketch = { inputs: { a: ['n', 'seq'], b: ['n', 'seq'] }, nodes: [node('Add', 'a b')] };

describe('inputs that cannot fit', () => {
  it('are refused before the run where the model gives one name to lengths that differ', async () => {
    await serve(PAIR);
    await expect(engine.run({ a: of(1, 3), b: of(1, 4) })).rejects.toMatchObject({
      code: 'INVALID_TENSOR',
      message:
        'The model calls one length "seq" that is 3 of input "a" in dimension 1, and 4 of input "b" in dimension 1: send the same for both.',
    });
    expect((await engine.run({ a: of(2, 3), b: of(2, 3) })).outputs['y']!.shape).toEqual([2, 3]);
  });

  it('and within one input', async () => {
    await serve({ inputs: { matrix: ['nodes', 'nodes'] }, nodes: [node('Transpose', 'matrix')] });
    await expect(engine.run({ matrix: of(2, 3) })).rejects.toMatchObject({
      code: 'INVALID_TENSOR',
      message: expect.stringContaining('"nodes"'),
    });
  });

  it('are left to the model where the name says nothing', async () => {
    await serve({ ...PAIR, inputs: { a: ['n', '?'], b: ['n', '?'] } });
    expect((await engine.run({ a: of(1, 3), b: of(1, 1) })).outputs['y']!.shape).toEqual([1, 3]);
    await expect(engine.run({ a: of(1, 3), b: of(1, 4) })).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: expect.stringMatching(
        /one of its inputs "a", "b" holds: its operator Add says "Attempting to broadcast/,
      ),
    });
  });
});

describe('an empty input that the model fails on', () => {
  it('is named, where the words of the runtime name none', async () => {
    await serve({
      inputs: { x: ['n', 'seq'] },
      nodes: [node('ArgMax', 'x', 'y', { axis: 1, keepdims: 0 })],
    });
    expect((await engine.run({ x: of(2, 3) })).outputs['y']!.shape).toEqual([2]);
    await expect(engine.run({ x: of(2, 0) })).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: expect.stringMatching(
        /its input "x" has shape \[2, 0\], whose dimension 1 is empty\. Send at least one/,
      ),
    });
  });
});

describe('a value that the model does not take', () => {
  it('is the failure of its own request, which names the input; its neighbours are answered', async () => {
    await serve({
      inputs: { index: { shape: ['n'], elementType: ELEMENT.INT64 } },
      nodes: [node('Gather', 'table index')],
      constants: [floats('table', [4], [1, 2, 3, 4])],
    });
    const answers = await Promise.allSettled([0, 9, 3].map((index) => engine.predict({ index })));
    expect(answers).toMatchObject([
      { status: 'fulfilled', value: { prediction: [1] } },
      {
        status: 'rejected',
        reason: {
          code: 'INPUT_REFUSED',
          message: expect.stringContaining('its input "index" holds: its operator Gather'),
        },
      },
      { status: 'fulfilled', value: { prediction: [4] } },
    ]);
  });
});

/** Keeps the pool that was opened last. */
class KnownPool extends OnnxSessions {
  pool: SessionPool | undefined;

  override async openPool(...given: Parameters<OnnxSessions['openPool']>): Promise<SessionPool> {
    return (this.pool = await super.openPool(...given));
  }
}

describe('a worker that cannot open the model any more', () => {
  it('is told of as such', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    const sessions = new KnownPool();
    engine = await open(disk.path, { execution: 'pool', workers: 1, sessions });
    await disk.put('m/1/model.onnx', PLUS_TWO);
    await Promise.all(sessions.pool!.threads.map((thread) => thread.terminate()));
    await expect(engine.predict({ x: 1 })).rejects.toMatchObject({
      code: 'MODEL_NOT_READY',
      message: expect.stringContaining('it was changed after this version was loaded from it'),
    });
  });
});
