import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OnnxSession, readSource, sourceOfBytes } from '#onnx';
import { golden, testModel } from '../../../../test/models/test-models.ts';
import { modelBytes } from '../testing/model-bytes.fixture.ts';
import { ELEMENT, type Graph, type Node, type Value } from './model-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'nestor-outputs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const floats = (name: string, columns: number): Value => ({
  ...{ name, kind: 'tensor', elementType: ELEMENT.FLOAT },
  shape: ['N', columns],
});

const node = (operator: string, inputs: string[], output: string, attributes = {}, domain = 'ai.onnx'): Node => ({
  ...{ name: '', operator, domain, inputs, outputs: [output] },
  attributes: new Map(Object.entries(attributes)),
});

const zipMap = (input: string, output: string, attributes: object): Node =>
  node('ZipMap', [input], output, attributes, 'ai.onnx.ml');

const sequence = (name: string): Value => ({ name, kind: 'sequence' });

function model(graph: Pick<Graph, 'nodes' | 'outputs'> & Partial<Graph>): Buffer {
  return modelBytes({
    opsets: { 'ai.onnx': 18, 'ai.onnx.ml': 3 },
    graph: { name: 'main', inputs: [floats('x', 2)], values: [], initializers: [], ...graph },
  });
}

async function answered(source: Awaited<ReturnType<typeof readSource>>, ...x: number[]) {
  const session = await OnnxSession.open(source, { intraOpThreads: 1 });
  const outputs = await session.run({ x: { datatype: 'FP32', shape: [x.length / 2, 2], data: new Float32Array(x) } });
  await session.close();
  return { outputs, unserved: session.unservedOutputs };
}

describe("in place of ZipMap's maps", () => {
  test('the tensor before it is served, by the name of the output', async () => {
    const bytes = model({
      nodes: [node('Softmax', ['x'], 'p'), zipMap('p', 'chances', { classlabels_strings: ['no', 'yes'] })],
      outputs: [sequence('chances')],
    });
    const { outputs, unserved } = await answered(await sourceOfBytes(bytes, 'maps.onnx'), 0, 0, 1, 1);
    expect(unserved).toEqual([]);
    expect(outputs).toEqual({
      chances: { datatype: 'FP32', shape: [2, 2], data: new Float32Array([0.5, 0.5, 0.5, 0.5]) },
    });
  });

  test('and what the file says is said of that tensor', async () => {
    const { file, replaced, digest } = await readSource(testModel('sklearn-zipmap'));
    expect(replaced).toEqual([{ output: 'output_probability', tables: [expect.objectContaining({ classes: 3 })] }]);
    expect(file.graph.outputs.at(-1)).toMatchObject({ kind: 'tensor', shape: [undefined, 3] });
    expect(digest).toMatch(/^sha256:/);
  });

  test('external data is still found beside the model', async () => {
    const path = join(folder, 'model.onnx');
    const weights = { name: 'w', elementType: ELEMENT.FLOAT, shape: [2], location: 'weights.bin' };
    const bytes = model({
      nodes: [node('Add', ['x', 'w'], 'sum'), zipMap('sum', 'chances', { classlabels_int64s: [3, 7] })],
      outputs: [sequence('chances')],
      initializers: [weights],
    });
    writeFileSync(path, bytes);
    writeFileSync(join(folder, 'weights.bin'), Buffer.from(new Float32Array([10, 20]).buffer));
    const { outputs } = await answered(await readSource(path), 1, 2);
    expect(outputs['chances']!.data).toEqual(new Float32Array([11, 22]));
  });

  test('more labels are kept than weights are', async () => {
    const labels = Array.from({ length: 5000 }, (_, at) => `class ${at}`);
    const bytes = model({
      inputs: [floats('x', 5000)],
      nodes: [node('Relu', ['x'], 'p'), zipMap('p', 'chances', { classlabels_strings: labels })],
      outputs: [sequence('chances')],
    });
    expect((await sourceOfBytes(bytes, 'maps.onnx')).replaced[0]!.tables[0]!.classes).toBe(5000);
  });
});

test("in place of several classifiers' sequence, each one's tensor is served", async () => {
  const classifier = (name: string, labels: number[]): Node => ({
    ...node('LinearClassifier', ['x'], `${name}_label`, {}, 'ai.onnx.ml'),
    outputs: [`${name}_label`, name],
    attributes: new Map<string, never>(
      Object.entries({
        classlabels_ints: labels,
        coefficients: labels.flatMap((label) => [label + 0.5, 0.25]),
        intercepts: labels.map(() => 0.5),
        post_transform: 'SOFTMAX',
      }) as [string, never][],
    ),
  });
  const bytes = model({
    nodes: [
      classifier('a', [0, 1, 2]),
      classifier('b', [0, 1]),
      node('SequenceConstruct', ['a', 'b'], 'both'),
      node('Identity', ['a_label'], 'label'),
    ],
    outputs: [{ name: 'label', kind: 'tensor', elementType: ELEMENT.INT64, shape: ['N'] }, sequence('both')],
  });
  const { outputs, unserved } = await answered(await sourceOfBytes(bytes, 'several.onnx'), 1, 2);
  expect(unserved).toEqual([]);
  expect(Object.entries(outputs).map(([name, { shape }]) => [name, shape])).toEqual([
    ['label', [1]],
    ['both_0', [1, 3]],
    ['both_1', [1, 2]],
  ]);
});

test('all other bytes stay, whatever the order of the fields', async () => {
  const { inputs, outputs } = await golden('sklearn-zipmap');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }), async (unknown) => {
      // Fields that no message has, before and after: they are passed over and kept.
      const extra = unknown.map((bytes) => Buffer.from([0xf2, 0x3f, bytes.length, ...bytes]));
      const bytes = Buffer.concat([...extra, readFileSync(testModel('sklearn-zipmap')), ...extra]);
      const session = await OnnxSession.open(await sourceOfBytes(bytes, 'm.onnx'), { intraOpThreads: 1 });
      const answer = await session.run(inputs);
      await session.close();
      expect(answer['output_label']).toEqual(outputs['output_label']);
      expect(answer['output_probability']!.shape).toEqual(outputs['output_probability']!.shape);
    }),
    { numRuns: 10 },
  );
});
