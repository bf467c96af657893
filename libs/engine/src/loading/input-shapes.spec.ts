import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Manifest } from '#models';
import type { Engine } from '../engine.ts';
import type { ModelVersion } from '../model-version.ts';
import { open } from '../testing/engine.fixture.ts';
import { ModelsOnDisk } from '../../../models/src/testing/disk.fixture.ts';
import { floats, modelOf, node, type Sketch } from '../../../onnx/src/testing/graphs.fixture.ts';
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

async function loaded(
  sketch: Sketch,
  manifest: Manifest = {},
  execution: 'auto' | 'pool' = 'auto',
): Promise<ModelVersion> {
  await disk.write('m/1/model.onnx', modelBytes(modelOf(sketch)));
  await disk.manifest('m', manifest);
  engine = await open(disk.path, { execution });
  return engine.get();
}

const LSTM: Sketch = {
  inputs: { x: undefined },
  nodes: [node('LSTM', 'x W R', 'y', { hidden_size: 2 })],
  constants: [floats('W', [1, 8, 4]), floats('R', [1, 8, 2])],
};
const DOUBLE: Sketch = { inputs: { x: undefined }, nodes: [node('Add', 'x x')] };

describe('an input whose shape the file does not tell', () => {
  it.each(['auto', 'pool'] as const)(
    'has as many dimensions as its operator takes, in place: %s',
    async (execution) => {
      const model = await loaded(LSTM, {}, execution);
      expect(model.signature.inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [-1, -1, -1] }]);
      const steps = [[[1, 2, 3, 4]], [[1, 2, 3, 4]]];
      expect((await model.predict({ x: steps })).prediction).toHaveLength(1);
    },
  );

  it('has the shape that the manifest says', async () => {
    const model = await loaded(DOUBLE, { features: [{ name: 'x', shape: [2] }] });
    expect(model.signature.inputs[0]!.shape).toEqual([-1, 2]);
    expect((await model.predict([{ x: [1, 2] }, { x: [3, 4] }])).prediction).toEqual([
      [2, 4],
      [6, 8],
    ]);
  });

  it('has the columns that the manifest lists', async () => {
    const model = await loaded(DOUBLE, { features: [{ name: 'a' }, { name: 'b' }] });
    expect((await model.predict([{ a: 1, b: 2 }])).prediction).toEqual([[2, 4]]);
  });

  it('has no row where the manifest says that the model has none', async () => {
    const model = await loaded(DOUBLE, { rows: 'none', features: [{ name: 'x', shape: [-1] }] });
    expect((await model.predict({ x: [1, 2, 3] })).prediction).toEqual([[2, 4, 6]]);
  });

  it('is refused where nothing tells, with what to write', async () => {
    await expect(loaded(DOUBLE)).rejects.toThrow(
      /its input "x" has no declared shape.*"features": \[\{"name": "x", "shape": \[-1\]\}\]/,
    );
  });
});

it('a shape that is not that of the file is refused', async () => {
  const sketch = { ...DOUBLE, inputs: { x: ['n', 4] } };
  await expect(loaded(sketch, { features: [{ name: 'x', shape: [3] }] })).rejects.toThrow(
    'Feature x has "shape" [3], but its input takes [4] in a row: take "shape" away.',
  );
});
