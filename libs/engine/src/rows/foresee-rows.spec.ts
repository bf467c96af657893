import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '#models';
import type { Dimension, ModelFile, Node } from '#onnx';
import type { Signature } from '#tensor';
import { foreseeRows, rowsAfterTests } from './foresee-rows.ts';

const node = (operator: string, inputs: string[], outputs: string[], attributes: [string, number][] = []): Node => ({
  ...{ name: '', operator, domain: 'ai.onnx', inputs, outputs },
  attributes: new Map(attributes),
});
const float = (name: string, shape: readonly Dimension[]) => ({ name, kind: 'tensor' as const, elementType: 1, shape });

/** What is foreseen for inputs of these shapes, and what a graph of one node or more makes of them. */
function foresee(
  shapes: Readonly<Record<string, readonly Dimension[]>>,
  nodes: readonly Node[],
  manifest: Manifest = {},
) {
  const graph = { name: 'g', nodes, inputs: Object.entries(shapes).map(([name, shape]) => float(name, shape)) };
  const file: ModelFile = {
    ...{ opsets: { 'ai.onnx': 21 }, metadata: {}, functions: [] },
    graph: { ...graph, outputs: [float('y', [undefined])], values: [], initializers: [] },
  };
  const inputs = graph.inputs.map(({ name, shape }) => ({
    ...{ name, datatype: 'FP32' as const },
    shape: shape.map((size) => (typeof size === 'number' ? size : -1)),
  }));
  const signature: Signature = { inputs, outputs: [{ name: 'y', datatype: 'FP32', shape: [-1] }] };
  return foreseeRows(manifest, signature, file, 'm/model.json');
}

const RELU = [node('Relu', ['x'], ['y'])];
const SUMMED_UP = [node('CumSum', ['x', 'axis'], ['y'])];
const SOFTMAX = [node('Softmax', ['x'], ['y'], [['axis', 0]])];
const UNHEARD_OF = [node('Unheard', ['x'], ['y'])];

describe('rows are', () => {
  it('independent where the graph keeps them apart', () => {
    expect(foresee({ x: ['N', 4] }, RELU).decision).toMatchObject({ kind: 'independent', by: 'graph' });
  });

  it('one by one where the graph mixes them, at the node that does', () => {
    expect(foresee({ x: ['N', 4] }, SOFTMAX).decision).toMatchObject({
      kind: 'one-by-one',
      by: 'graph',
      reason: expect.stringContaining('Softmax (of "y") runs along dimension 0'),
    });
  });

  it.each(['T', 'time', 'sequence_length', 'nodes'])('none where the graph mixes what it calls %s', (symbol) => {
    expect(foresee({ x: [symbol, 4] }, SOFTMAX).decision).toMatchObject({ kind: 'none', by: 'graph' });
    const manifest: Manifest = { features: [{ name: 'a', input: 'x' }] };
    expect(foresee({ x: [symbol, 4] }, SOFTMAX, manifest).decision!.kind).toBe('one-by-one');
  });

  it('none where the graph runs along a sequence, whatever it is called', () => {
    const weights = { w: [1, 12, 4], r: [1, 12, 3] };
    const lstm = [node('LSTM', ['x', 'w', 'r'], ['y'], [['hidden_size', 3]])];
    // The weights are inputs here for brevity: of a fixed shape, they have no rows.
    expect(foresee({ x: ['N', 2, 4], ...weights }, lstm).decision).toMatchObject({ kind: 'none' });
  });

  it('none where an input has no dimension for them, or always one', () => {
    expect(foresee({ x: ['N', 4], k: [] }, RELU).decision).toMatchObject({
      kind: 'none',
      by: 'signature',
      reason: 'The input "k" of shape [] has no dimension for rows.',
    });
    expect(foresee({ x: ['T', 576], state: [1, 1, 128] }, RELU).decision!.reason).toBe(
      'The input "state" has one row whatever the first dimension of "x" is.',
    );
    expect(foresee({}, RELU).decision).toMatchObject({ kind: 'none', reason: 'The model has no inputs.' });
  });

  it('none where symbols keep the inputs apart, and shared where they do not', () => {
    const sum = [node('Add', ['x', 'z'], ['y'])];
    expect(foresee({ x: ['Q', 4], z: ['D', 4] }, sum).decision).toMatchObject({
      kind: 'none',
      reason: 'The inputs "x" and "z" have first dimensions of their own, "Q" and "D".',
    });
    for (const [one, other] of [
      ['batch', 'batch'],
      ['unk__1', 'unk__2'],
      [undefined, 'N'],
      ['users', 'users'],
    ] as const)
      expect(foresee({ x: [one, 4], z: [other, 4] }, sum).decision).toMatchObject({ kind: 'independent' });
  });

  it('run one after the other where the signature takes one at a time', () => {
    expect(foresee({ x: [1, 4] }, RELU).decision).toMatchObject({
      ...{ kind: 'one-by-one', by: 'signature', oneAtATime: true },
    });
  });

  it('what the manifest says, as far as the signature has them', () => {
    for (const rows of ['independent', 'one-by-one', 'none'] as const)
      expect(foresee({ x: ['N', 4] }, SOFTMAX, { rows }).decision).toMatchObject({ kind: rows, by: 'manifest' });
    expect(() => foresee({ x: [3, 4] }, RELU, { rows: 'independent' })).toThrow(
      'm/model.json: "rows" is "independent", but the model has no rows. The input "x" of shape [3, 4] has no dimension for rows.',
    );
    expect(foresee({ x: ['N', 4] }, RELU, { batching: { enabled: false } }).decision).toMatchObject({
      ...{ kind: 'one-by-one', by: 'manifest' },
    });
  });
});

describe('where the graph leaves it open', () => {
  const open = foresee({ x: ['N', 4] }, UNHEARD_OF);

  it('tests decide', () => {
    expect(open.decision).toBeUndefined();
    const agree = rowsAfterTests(open, { outcome: 'agree', maxBatchRows: 7, reason: 'Tested: well.' });
    expect(agree).toMatchObject({ kind: 'independent', by: 'tests' });
    expect(agree.reason).toMatch(/^Tested: well\. The graph leaves it open: Unheard/);
    const kindAfter = (outcome: 'disagree' | 'no-rows' | 'untested') =>
      rowsAfterTests(open, { outcome, reason: 'Tested.' }).kind;
    expect([kindAfter('disagree'), kindAfter('no-rows'), kindAfter('untested')]).toEqual([
      'one-by-one',
      'none',
      'one-by-one',
    ]);
  });

  it('a symbol that means something else than a batch decides', () => {
    expect(foresee({ x: ['time', 4] }, UNHEARD_OF).decision).toMatchObject({
      kind: 'none',
      by: 'signature',
      reason: expect.stringContaining('calls its first dimension "time"'),
    });
  });
});

it('names the node of a running sum', () => {
  expect(foresee({ x: ['N', 4], axis: [] }, SUMMED_UP).decision).toMatchObject({ kind: 'none' });
});
