import { expect, it } from '@jest/globals';
import { OnnxSession } from './onnx-session.ts';
import { sourceOfBytes } from './source/model-source.ts';
import { floats, modelOf, node, type Sketch } from './testing/graphs.fixture.ts';
import { modelBytes } from './testing/model-bytes.fixture.ts';

async function answer(sketch: Sketch): Promise<number[]> {
  const source = await sourceOfBytes(modelBytes(modelOf(sketch)), 'sketch.onnx');
  const session = await OnnxSession.open(source, { intraOpThreads: 1 });
  const x = { datatype: 'FP32', shape: [3, 2], data: new Float32Array([1, 2, 3, 4, 5, 6]) } as const;
  const { y } = await session.run({ x });
  await session.close();
  return [...(y!.data as Float32Array)];
}

const transposed = node('Transpose', 'x', 't', { perm: [1, 0] });

it.each<[string, Sketch, number[]]>([
  [
    'a vector from the right',
    {
      inputs: { x: ['N', 2] },
      nodes: [transposed, node('MatMul', 't v')],
      constants: [floats('v', [3], [1, 10, 100])],
    },
    [531, 642],
  ],
  [
    'a vector from the left',
    { inputs: { x: ['N', 2] }, nodes: [transposed, node('MatMul', 'v t')], constants: [floats('v', [2], [1, 10])] },
    [21, 43, 65],
  ],
  [
    'a matrix',
    {
      inputs: { x: ['N', 2] },
      nodes: [transposed, node('MatMul', 't v')],
      constants: [floats('v', [3, 1], [1, 10, 100])],
    },
    [531, 642],
  ],
])('a transposed matrix by %s is the product that it should be', async (_, sketch, product) => {
  expect(await answer(sketch)).toEqual(product);
});
