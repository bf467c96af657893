import { afterEach, describe, expect, test } from '@jest/globals';
import { OnnxSession, readSource, sourceOfBytes } from '#onnx';
import type { Tensors } from '#tensor';
import { ELEMENT } from './model-file/model-file.ts';
import { modelBytes } from './testing/model-bytes.fixture.ts';
import { testModel } from '../../../test/models/test-models.ts';

const opened: OnnxSession[] = [];

async function open(name: string): Promise<OnnxSession> {
  const session = await OnnxSession.open(await readSource(testModel(name)), { intraOpThreads: 1 });
  opened.push(session);
  return session;
}

/** A model that gives its input, and a sequence of it twice. */
async function openSequence(): Promise<OnnxSession> {
  const vector = { kind: 'tensor', elementType: ELEMENT.FLOAT, shape: ['N', 2] } as const;
  const node = { name: '', domain: 'ai.onnx', attributes: new Map() };
  const bytes = modelBytes({
    graph: {
      name: 'sequence',
      nodes: [
        { ...node, operator: 'Identity', inputs: ['x'], outputs: ['y'] },
        { ...node, operator: 'SequenceConstruct', inputs: ['x', 'x'], outputs: ['all'] },
      ],
      inputs: [{ name: 'x', ...vector }],
      outputs: [
        { name: 'y', ...vector },
        { name: 'all', kind: 'sequence' },
      ],
      values: [],
      initializers: [],
    },
  });
  const session = await OnnxSession.open(await sourceOfBytes(bytes, 'sequence.onnx'), { intraOpThreads: 1 });
  opened.push(session);
  return session;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((session) => session.close()));
});

const rooms = (data: Float32Array, shape = [data.length / 2, 2]): Tensors => ({
  x: { datatype: 'FP32', shape, data },
});

describe('the signature', () => {
  test('lists inputs and outputs in order, with -1 for what may vary', async () => {
    const { signature } = await open('several');
    expect(signature).toEqual({
      inputs: [
        { name: 'sides', datatype: 'FP32', shape: [-1, 2] },
        { name: 'count', datatype: 'INT64', shape: [-1, 1] },
      ],
      outputs: [
        { name: 'total', datatype: 'FP32', shape: [-1] },
        { name: 'scaled', datatype: 'FP32', shape: [-1, 2] },
        { name: 'next', datatype: 'INT64', shape: [-1, 1] },
      ],
    });
  });

  test('gives a scalar no dimensions, and a fixed dimension its size', async () => {
    expect((await open('scalars')).signature.inputs[1]).toEqual({ name: 'factor', datatype: 'FP32', shape: [] });
    expect((await open('fixed-batch')).signature.inputs[0]!.shape).toEqual([4, 3]);
  });

  test('leaves out the outputs that cannot be returned, and names them', async () => {
    const session = await openSequence();
    expect(session.signature.outputs.map(({ name }) => name)).toEqual(['y']);
    expect(session.unservedOutputs).toEqual(['all']);
  });
});

describe('a run', () => {
  test('gives only the outputs asked for', async () => {
    const session = await open('several');
    const inputs: Tensors = {
      sides: { datatype: 'FP32', shape: [1, 2], data: new Float32Array([3, 4]) },
      count: { datatype: 'INT64', shape: [1, 1], data: new BigInt64Array([2n]) },
    };
    expect(await session.run(inputs, ['next'])).toEqual({
      next: { datatype: 'INT64', shape: [1, 1], data: new BigInt64Array([3n]) },
    });
  });

  test('takes a view into a larger buffer, and no rows at all', async () => {
    const session = await open('identity-fp32');
    const all = new Float32Array([1, 2, 3, 4, 5, 6]);
    expect((await session.run(rooms(all.subarray(2, 4))))['y']!.data).toEqual(new Float32Array([3, 4]));
    expect(await session.run(rooms(new Float32Array(0)))).toEqual({
      y: { datatype: 'FP32', shape: [0, 2], data: new Float32Array(0) },
    });
  });

  test.each<[string, Tensors]>([
    ['an input is missing', {}],
    ['the data is too short for its shape', rooms(new Float32Array(2), [2, 2])],
    ['a fixed dimension differs', rooms(new Float32Array(3), [1, 3])],
    ['the datatype differs', { x: { datatype: 'FP64', shape: [1, 2], data: new Float64Array(2) } }],
    [
      'the storage does not fit the datatype',
      { x: { datatype: 'FP32', shape: [1, 2], data: new Float64Array(2) as never } },
    ],
  ])('is rejected where %s', async (_, inputs) => {
    await expect((await open('identity-fp32')).run(inputs)).rejects.toThrow(/\S/);
  });

  test('that fails on a value leaves the session able to run', async () => {
    const session = await open('fails-on-value');
    const look = (index: bigint) =>
      session.run({ index: { datatype: 'INT64', shape: [1], data: new BigInt64Array([index]) } });
    await expect(look(9n)).rejects.toThrow(/out of data bounds/);
    expect((await look(2n))['value']!.data).toEqual(new Float32Array([30]));
  });
});

describe('closing', () => {
  test('ends the session once, however often it is asked for', async () => {
    const session = await open('identity-fp32');
    await session.close();
    await session.close();
    await expect(session.run(rooms(new Float32Array(2)))).rejects.toThrow(/disposed/);
  });
});
