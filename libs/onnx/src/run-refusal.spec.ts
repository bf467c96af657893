import { describe, expect, it } from '@jest/globals';
import type { Tensor, Tensors } from '#tensor';
import { ELEMENT, type Graph } from './model-file/model-file.ts';
import { OnnxSession } from './onnx-session.ts';
import { type RunRefusal, runRefusal } from './run-refusal.ts';
import { sourceOfBytes } from './source/model-source.ts';
import { floats, integers, modelOf, node, type Sketch } from './testing/graphs.fixture.ts';
import { modelBytes } from './testing/model-bytes.fixture.ts';

const whole = (...numbers: number[]): Tensor => ({
  datatype: 'INT64',
  shape: [numbers.length],
  data: BigInt64Array.from(numbers, BigInt),
});
const of = (...shape: number[]): Tensor => ({
  datatype: 'FP32',
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
});
const INDEX = { index: { shape: ['n'], elementType: ELEMENT.INT64 } };
const table = floats('table', [4]);
const XZ = { x: ['n', 'm'], z: ['k', 'l'] };

/** What a run of the model is refused of. */
async function refusalOf(sketch: Sketch, inputs: Tensors): Promise<RunRefusal | undefined> {
  const source = await sourceOfBytes(modelBytes(modelOf(sketch)), 'sketch.onnx');
  const session = await OnnxSession.open(source, { intraOpThreads: 1 });
  try {
    const thrown = await session.run(inputs).then(
      () => new Error('The run was not refused.'),
      (error: Error) => error,
    );
    return runRefusal(source.file, thrown.message);
  } finally {
    await session.close();
  }
}

describe('what the runtime refuses because of an input', () => {
  it.each<[string, Sketch, Tensors, string, string]>([
    [
      'an index',
      { inputs: INDEX, nodes: [node('Gather', 'table index')], constants: [table] },
      { index: whole(9) },
      'Gather',
      'indices element out of data bounds, idx=9 must be within the inclusive range [-4,3]',
    ],
    [
      'an index, in the words of a source file',
      { inputs: INDEX, nodes: [node('GatherElements', 'table index')], constants: [table] },
      { index: whole(9) },
      'GatherElements',
      'GatherElements op: Out of range value in index tensor',
    ],
    [
      'a shape that does not hold as many',
      { inputs: { x: ['n', 'm'] }, nodes: [node('Reshape', 'x to')], constants: [integers('to', [2, 3])] },
      { x: of(1, 4) },
      'Reshape',
      'The input tensor cannot be reshaped to the requested shape. Input shape:{1,4}, requested shape:{2,3}',
    ],
    [
      'a width',
      { inputs: { x: ['n', 'm'] }, nodes: [node('MatMul', 'x w')], constants: [floats('w', [3, 2])] },
      { x: of(1, 4) },
      'MatMul',
      'MatMul dimension mismatch',
    ],
    [
      'channels',
      { inputs: { x: ['n', 'c', 'w'] }, nodes: [node('Conv', 'x w')], constants: [floats('w', [2, 3, 3])] },
      { x: of(1, 4, 5) },
      'Conv',
      'Input channels C is not equal to kernel channels * group. C: 4 kernel channels: 3 group: 1',
    ],
    [
      'a size that is negative',
      { inputs: INDEX, nodes: [node('ConstantOfShape', 'index')] },
      { index: whole(-2) },
      'ConstantOfShape',
      'Tensor shape.Size() must be >= 0',
    ],
    [
      'a text that is no number',
      { inputs: { x: { shape: ['n'], elementType: ELEMENT.STRING } }, nodes: [node('Cast', 'x', 'y', { to: 1 })] },
      { x: { datatype: 'BYTES', shape: [1], data: ['six'] } },
      'Cast',
      'stod',
    ],
  ])('%s', async (_, sketch, inputs, operator, said) => {
    expect(await refusalOf(sketch, inputs)).toEqual({ operator, inputs: Object.keys(inputs), said });
  });

  it('is traced back through the graph, to those inputs alone that the node follows from', async () => {
    const sketch: Sketch = {
      inputs: { ...XZ, ...INDEX },
      nodes: [
        node('Abs', 'index', 'far'),
        { ...node('Gather', 'table far', 'picked'), name: 'pick' },
        { ...node('Gather', 'table one', 'first'), name: 'other' },
        node('Add', 'x z', 'sum'),
      ],
      constants: [table, integers('one', [1])],
      outputs: ['picked', 'sum', 'first'],
    };
    expect(await refusalOf(sketch, { x: of(1, 1), z: of(1, 1), index: whole(-9) })).toMatchObject({
      operator: 'Gather',
      inputs: ['index'],
    });
    expect(await refusalOf(sketch, { x: of(1, 4), z: of(1, 3), index: whole(1) })).toEqual({
      operator: 'Add',
      inputs: ['x', 'z'],
      said: 'Attempting to broadcast an axis by a dimension other than 1. 3 by 4',
    });
  });

  it('may lie in a graph of a node', async () => {
    const branch = (nodes: Graph['nodes']): Graph => ({
      ...{ name: 'branch', nodes, inputs: [], values: [], initializers: [] },
      outputs: [{ name: 'out', kind: 'tensor', elementType: ELEMENT.FLOAT }],
    });
    const picked = branch([node('Gather', 'table index', 'out')]);
    const sketch: Sketch = {
      inputs: { ...INDEX, yes: { shape: [], elementType: ELEMENT.BOOL } },
      nodes: [node('If', 'yes', 'y', { then_branch: picked, else_branch: picked })],
      constants: [table],
    };
    const yes: Tensor = { datatype: 'BOOL', shape: [], data: Uint8Array.of(1) };
    expect(await refusalOf(sketch, { index: whole(9), yes })).toMatchObject({
      operator: 'If',
      inputs: ['index', 'yes'],
      said: expect.stringContaining('out of data bounds'),
    });
  });

  it('is not the lack of memory', async () => {
    const sketch: Sketch = { inputs: INDEX, nodes: [node('ConstantOfShape', 'index')] };
    expect(await refusalOf(sketch, { index: whole(2 ** 45) })).toBeUndefined();
  });

  it('is not what no input tells on', () => {
    const model = modelOf({ inputs: XZ, nodes: [node('Gather', 'table one', 'y')], constants: [table] });
    const said = "Non-zero status code returned while running Gather node. Name:'' Status Message: out of bounds";
    expect(runRefusal(model, said)).toBeUndefined();
    expect(runRefusal(model, 'The model has no input "index".')).toBeUndefined();
  });
});
