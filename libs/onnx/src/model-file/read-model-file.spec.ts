import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { onnx } from 'onnx-proto';
import { modelBytes } from '../testing/model-bytes.fixture.ts';
import { MemoryBytes } from './byte-range.ts';
import { MalformedMessage } from './field-reader.ts';
import { type Attribute, ELEMENT, type Graph, type ModelFile, type Node } from './model-file.ts';
import { readModelFile } from './read-model-file.ts';

const read = (bytes: Uint8Array): ModelFile => readModelFile(new MemoryBytes(bytes));

const graph = (parts: Partial<Graph> = {}): Graph => ({
  ...{ name: 'main', nodes: [], inputs: [], outputs: [], values: [], initializers: [] },
  ...parts,
});

const node = (operator: string, attributes: Record<string, Attribute> = {}): Node => ({
  ...{ name: '', operator, domain: 'ai.onnx', inputs: ['x', ''], outputs: ['y'] },
  attributes: new Map(Object.entries(attributes)),
});

describe('what a file says of itself', () => {
  test('of a real export', () => {
    expect(read(readFileSync('models/wine/1/model.onnx'))).toMatchObject({
      irVersion: expect.any(Number),
      producerName: 'skl2onnx',
      opsets: { 'ai.onnx': expect.any(Number), 'ai.onnx.ml': 1 },
    });
  });

  test('is all that was written; an empty text is nothing', () => {
    const said = {
      irVersion: 10,
      producerName: 'by hand',
      producerVersion: '1.2',
      modelVersion: 3,
      opsets: { 'ai.onnx': 18, 'ai.onnx.ml': 3 },
      metadata: { author: 'Ilija', ['__proto__']: 'a key like any other' },
    };
    const model = read(modelBytes({ ...said, description: '', graph: graph() }));
    expect(model).toEqual({ ...said, graph: graph(), functions: [] });
    expect(Object.keys(model.metadata)).toEqual(['author', '__proto__']);
  });

  test('stands before or after a graph of any size', () => {
    const large = onnx.ModelProto.encode({ graph: { initializer: [weights(2 ** 20)] } }).finish();
    const bytes = Buffer.concat([large, onnx.ModelProto.encode({ irVersion: 9 }).finish()]);
    expect(read(bytes)).toMatchObject({ irVersion: 9, graph: { initializers: [{ name: 'w' }] } });
  });
});

const weights = (bytes: number): onnx.ITensorProto => ({
  ...{ name: 'w', dataType: ELEMENT.FLOAT, dims: [bytes / 4] },
  rawData: new Uint8Array(bytes),
});

describe('the graph', () => {
  test('is read as it was written: nodes, values of every rank, tensors', () => {
    const written = graph({
      nodes: [
        node('Conv', { group: 1, pads: [0, 1, 0, 1], auto_pad: 'VALID', alpha: 0.5, empty: [] }),
        { ...node('Scaler'), domain: 'ai.onnx.ml', name: 'first' },
      ],
      inputs: [
        { name: 'x', kind: 'tensor', elementType: ELEMENT.FLOAT, shape: ['N', 3, undefined] },
        { name: 'unranked', kind: 'tensor', elementType: ELEMENT.INT64 },
        { name: 'scalar', kind: 'tensor', elementType: ELEMENT.STRING, shape: [] },
      ],
      outputs: [{ name: 'y', kind: 'unknown' }],
      values: [{ name: 'between', kind: 'tensor', elementType: ELEMENT.DOUBLE, shape: [0] }],
      initializers: [
        { name: 'target', elementType: ELEMENT.INT64, shape: [2], numbers: [0, -1] },
        { name: 'elsewhere', elementType: ELEMENT.FLOAT, shape: [7], location: 'weights.bin' },
      ],
    });
    expect(read(modelBytes({ graph: written })).graph).toEqual(written);
  });

  test('holds the bodies of its control flow, however deep', () => {
    const inner = graph({ name: 'inner', nodes: [node('Add')] });
    const outer = graph({ nodes: [node('If', { then_branch: graph({ nodes: [node('Loop', { body: inner })] }) })] });
    expect(read(modelBytes({ graph: outer })).graph).toEqual(outer);
  });

  test('holds the functions that the file defines', () => {
    const twice = {
      ...{ name: 'Twice', domain: 'mine', inputs: ['x'], outputs: ['y'], opsets: { 'ai.onnx': 18 } },
      nodes: [node('Add', { axis: { reference: 'axis' } })],
    };
    expect(read(modelBytes({ graph: graph(), functions: [twice] })).functions).toEqual([twice]);
  });

  test('tells sequences, maps, optionals and sparse tensors from tensors', () => {
    const typed = (name: string, type: onnx.ITypeProto) => ({ name, type });
    const outputs = [
      typed('sequence', { sequenceType: {} }),
      typed('map', { mapType: {} }),
      typed('negative', { tensorType: { elemType: 1, shape: { dim: [{ dimValue: -1 }] } } }),
    ];
    const { graph: found } = read(onnx.ModelProto.encode({ graph: { output: outputs } }).finish());
    expect(found.outputs).toEqual([
      { name: 'sequence', kind: 'sequence' },
      { name: 'map', kind: 'map' },
      { name: 'negative', kind: 'tensor', elementType: 1, shape: [undefined] },
    ]);
  });
});

describe('of tensors and lists', () => {
  const numbersOf = (tensor: onnx.ITensorProto) =>
    read(onnx.ModelProto.encode({ graph: { initializer: [tensor] } }).finish()).graph.initializers[0]!.numbers;

  test.each<[string, onnx.ITensorProto, number[]]>([
    ['int64', { dataType: 7, dims: [2], rawData: new Uint8Array(new BigInt64Array([-1n, 2n]).buffer) }, [-1, 2]],
    ['float', { dataType: 1, dims: [2], rawData: new Uint8Array(new Float32Array([1, 2.5]).buffer) }, [1, 2.5]],
    ['a scalar', { dataType: 3, dims: [], rawData: new Uint8Array([255]) }, [-1]],
    ['a list of int64', { dataType: 7, dims: [2], int64Data: [-1, 2 ** 40] }, [-1, 2 ** 40]],
    ['a list of int32', { dataType: 6, dims: [1], int32Data: [-5] }, [-5]],
    ['none at all', { dataType: 7, dims: [0] }, []],
  ])('few numbers are kept: %s', (_, tensor, numbers) => {
    expect(numbersOf({ name: 't', ...tensor })).toEqual(numbers);
  });

  test('weights are not, whatever form they have', () => {
    expect(numbersOf(weights(65 * 4))).toBeUndefined();
    expect(numbersOf({ name: 't', dataType: 1, dims: [65], floatData: Array(65).fill(1) })).toBeUndefined();
    expect(numbersOf({ name: 't', dataType: 8, dims: [1], stringData: [Buffer.from('a')] })).toBeUndefined();
    expect(numbersOf({ name: 't', dataType: 1, dims: [2], floatData: [1] })).toBeUndefined();
  });

  test('a forest is not kept, and the attributes after it are', () => {
    const forest = node('TreeEnsembleRegressor', { nodes_values: Array(5000).fill(0.5), n_targets: 1 });
    const [found] = read(modelBytes({ graph: graph({ nodes: [forest] }) })).graph.nodes;
    expect([...found!.attributes]).toEqual([
      ['nodes_values', { omitted: true }],
      ['n_targets', 1],
    ]);
  });
});

describe('what is no model', () => {
  test('is refused, whatever is in it', () => {
    expect(() => read(Buffer.from('this is no model'))).toThrow(MalformedMessage);
    expect(() => read(Buffer.alloc(0))).toThrow(/holds no graph/);
    const model = readFileSync('models/wine/1/model.onnx');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.nat(model.length - 1).map((length) => model.subarray(0, length)),
          fc
            .tuple(fc.nat(model.length - 1), fc.nat(255))
            .map(([at, byte]) => Buffer.from(model).fill(byte, at, at + 1)),
        ),
        (bytes) => {
          try {
            expect(read(bytes).graph.nodes).toBeInstanceOf(Array);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedMessage);
          }
        },
      ),
    );
  });

  test('messages within messages without end are refused', () => {
    let body = graph();
    for (let depth = 0; depth < 60; depth += 1) body = graph({ nodes: [node('Loop', { body })] });
    expect(() => read(modelBytes({ graph: body }))).toThrow(/nested too deep/);
  });
});
