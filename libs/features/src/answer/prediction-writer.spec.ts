import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DATATYPES, type Signature, type Tensor, type TensorSpec } from '#tensor';
import { FeatureError } from '../feature.ts';
import type { Warning } from '../findings.ts';
import type { PredictionOptions } from './output-options.ts';
import { floats, modelWith, output } from '../testing/outputs.fixture.ts';
import { PredictionWriter } from './prediction-writer.ts';

const price = modelWith(output('price', 'FP32', [-1, 1]));
const classifier = modelWith(output('label', 'INT64', [-1]), output('probabilities', 'FP32', [-1, 3]));
const classified = {
  label: { datatype: 'INT64', shape: [2], data: new BigInt64Array([2n, 0n]) } as Tensor,
  probabilities: floats([2, 3], 0.1, 0.2, 0.7, 0.5, 0.25, 0.25),
};

const shown = new Map([['probabilities', { probabilities: 'classes' }]] as const);

/** What `json` writes, read again; it must be what `values` says. */
function answer(
  signature: Signature,
  options: PredictionOptions,
  outputs: Record<string, Tensor>,
  rows: number,
): unknown {
  const writer = new PredictionWriter(signature, options);
  const { warnings, ...members } = writer.values(outputs, { count: rows });
  const heard: Warning[] = [];
  const read: unknown = JSON.parse(`{${writer.json(outputs, { count: rows }, heard)}}`);
  expect(read).toEqual(members);
  expect(heard).toEqual(warnings);
  return { ...members, ...(warnings.length > 0 && { warnings: warnings.map(({ detail }) => detail) }) };
}

describe('PredictionWriter', () => {
  it('writes a flat list for one number a row, with no digit that float32 does not have', () => {
    expect(answer(price, {}, { price: floats([3, 1], 20.35, 7, -0.1) }, 3)).toEqual({ prediction: [20.35, 7, -0.1] });
    expect(new PredictionWriter(price).json({ price: floats([1, 1], 20.35) }, { count: 1 })).toBe(
      '"prediction":[20.35]',
    );
  });

  it('writes lists of lists for several, also where there happens to be one', () => {
    expect(answer(modelWith(output('y', 'FP32', [-1, 2])), {}, { y: floats([2, 2], 1, 2, 3, 4) }, 2)).toEqual({
      prediction: [
        [1, 2],
        [3, 4],
      ],
    });
    expect(answer(modelWith(output('y', 'FP32', [-1, -1])), {}, { y: floats([2, 1], 1, 2) }, 2)).toEqual({
      prediction: [[1], [2]],
    });
    expect(answer(modelWith(output('y', 'FP32', [-1, 2, 2])), {}, { y: floats([1, 2, 2], 1, 2, 3, 4) }, 1)).toEqual({
      prediction: [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    });
  });

  it('writes all values of a row where the model declares one and answers several', () => {
    for (const shape of [[-1, 1], [-1]])
      expect(answer(modelWith(output('y', 'FP32', shape)), {}, { y: floats([2, 2], 1, 2, 3, 4) }, 2)).toEqual({
        prediction: [
          [1, 2],
          [3, 4],
        ],
      });
  });

  it('writes the whole tensor as one item where it has no row for each of the request', () => {
    expect(answer(modelWith(output('y', 'FP32', [3])), {}, { y: floats([3], 1, 2, 3) }, 3)).toEqual({
      prediction: [[1, 2, 3]],
    });
    expect(answer(modelWith(output('y', 'FP32', [])), {}, { y: floats([], 4) }, 2)).toEqual({ prediction: [4] });
    expect(answer(modelWith(output('y', 'FP32', [-1, 2])), {}, { y: floats([1, 2], 1, 2) }, 3)).toEqual({
      prediction: [[[1, 2]]],
    });
    const whole: Signature = {
      inputs: [{ name: 'x', datatype: 'FP32', shape: [] }],
      outputs: [output('y', 'FP32', [-1])],
    };
    expect(answer(whole, {}, { y: floats([1], 5) }, 1)).toEqual({ prediction: [[5]] });
  });

  it('goes by the tensor where the graph gives an output no shape', () => {
    expect(answer(modelWith(output('y', 'FP32', [])), {}, { y: floats([2, 2], 1, 2, 3, 4) }, 2)).toEqual({
      prediction: [
        [1, 2],
        [3, 4],
      ],
    });
  });

  it("knows scikit-learn's label and probabilities, where the model shows that they are", () => {
    expect(answer(classifier, { shown }, classified, 2)).toEqual({
      prediction: [2, 0],
      probabilities: [
        { 0: 0.1, 1: 0.2, 2: 0.7 },
        { 0: 0.5, 1: 0.25, 2: 0.25 },
      ],
    });
    expect(answer(classifier, { shown, labels: ['a', 'b', '__proto__'] }, classified, 2)).toEqual({
      prediction: ['__proto__', 'a'],
      probabilities: [
        JSON.parse('{"a":0.1,"b":0.2,"__proto__":0.7}'),
        JSON.parse('{"a":0.5,"b":0.25,"__proto__":0.25}'),
      ],
    });
    expect(new PredictionWriter(classifier).outputs).toEqual(['label', 'probabilities']);
  });

  it('answers labels that are numbers, and labels of text, as the model holds them', () => {
    const one = modelWith(output('label', 'INT64', [-1]));
    const seven = { label: { datatype: 'INT64', shape: [1], data: new BigInt64Array([7n]) } as Tensor };
    expect(answer(one, { labels: [3, 7] }, seven, 1)).toEqual({ prediction: [7] });
    expect(answer(one, { labels: ['a'] }, seven, 1)).toEqual({
      prediction: [7],
      warnings: ['row 0: label is 7, for which there is no label'],
    });
    const text = { label: { datatype: 'BYTES', shape: [1], data: ['"é"'] } as Tensor };
    expect(answer(modelWith(output('label', 'BYTES', [-1])), {}, text, 1)).toEqual({ prediction: ['"é"'] });
  });

  it('answers the highest probabilities alone where so many are asked for, equals in the order of the classes', () => {
    const writer = new PredictionWriter(classifier, { shown, labels: ['a', 'b', 'c'] });
    const probabilities = (top: number): string =>
      writer.json(classified, { count: 2 }, [], { top }).split('"probabilities":')[1]!;
    expect(probabilities(1)).toBe('[{"c":0.7},{"a":0.5}]');
    expect(probabilities(2)).toBe('[{"c":0.7,"b":0.2},{"a":0.5,"b":0.25}]');
    expect(probabilities(9)).toBe('[{"c":0.7,"b":0.2,"a":0.1},{"a":0.5,"b":0.25,"c":0.25}]');
    const none = { ...classified, probabilities: floats([2, 3], NaN, 0.2, 0.3, NaN, NaN, NaN) };
    const warnings: Warning[] = [];
    expect(writer.json(none, { count: 2 }, warnings, { top: 2 })).toContain('[{"c":0.3,"b":0.2},{"a":null,"b":null}]');
    expect(warnings.map(({ row }) => row)).toEqual([1, 1]);
  });

  it('answers the most probable label where there are only probabilities', () => {
    const softmax = modelWith(output('p', 'FP32', [-1, 3]));
    const tensors = { p: floats([3, 3], 0.1, 0.6, 0.3, NaN, 0.5, 0.5, NaN, NaN, NaN) };
    expect(answer(softmax, { labels: ['a', 'b', 'c'] }, tensors, 3)).toMatchObject({ prediction: ['b', 'b', null] });
    expect(answer(softmax, { outputs: { probabilities: 'p' } }, { p: floats([1, 3], 0, 0, 1) }, 1)).toEqual({
      prediction: [2],
      probabilities: [{ 0: 0, 1: 0, 2: 1 }],
    });
    expect(answer(softmax, {}, { p: floats([1, 3], 0, 0, 1) }, 1)).toEqual({ prediction: [[0, 0, 1]] });
  });

  it('answers the outputs that the manifest names', () => {
    const two = modelWith(output('a', 'FP32', [-1]), output('b', 'FP32', [-1]));
    expect(answer(two, { outputs: { prediction: 'b' } }, { a: floats([1], 1), b: floats([1], 2) }, 1)).toEqual({
      prediction: [2],
    });
    expect(new PredictionWriter(two, { outputs: { prediction: 'b' } }).outputs).toEqual(['b']);
  });

  it('answers NaN and infinities as null and says so', () => {
    expect(answer(price, {}, { price: floats([3, 1], NaN, 1, -Infinity) }, 3)).toEqual({
      prediction: [null, 1, null],
      warnings: [
        'row 0: price is NaN, which JSON cannot carry, and is answered as null',
        'row 2: price is -Infinity, which JSON cannot carry, and is answered as null',
      ],
    });
  });

  it('writes 64-bit integers exactly', () => {
    const ids = modelWith(output('id', 'UINT64', [-1]));
    const tensors = {
      id: { datatype: 'UINT64', shape: [2], data: new BigUint64Array([2n ** 64n - 1n, 5n]) } as Tensor,
    };
    expect(new PredictionWriter(ids).values(tensors, { count: 2 }).prediction).toEqual([2n ** 64n - 1n, 5]);
    expect(new PredictionWriter(ids).json(tensors, { count: 2 })).toBe('"prediction":[18446744073709551615,5]');
  });

  it.each<[string, Signature, PredictionOptions, RegExp]>([
    ['an output that there is', price, { outputs: { prediction: 'cost' } }, /no output cost: it has price/],
    ['probabilities that are a table', price, { outputs: { probabilities: 'x' } }, /no output x/],
    [
      'probabilities of floats',
      classifier,
      { outputs: { probabilities: 'label' } },
      /label \(INT64 \[-1\]\) cannot be the probabilities/,
    ],
    [
      'a label for each class',
      classifier,
      { labels: ['a', 'b'] },
      /2 labels for the 3 classes of output probabilities/,
    ],
    ['labels that differ', classifier, { labels: ['a', 'b', 'a'] }, /Two labels are the same/],
  ])('asks for %s', (_, signature, options, message) => {
    expect(() => new PredictionWriter(signature, options)).toThrow(FeatureError);
    expect(() => new PredictionWriter(signature, options)).toThrow(message);
  });

  it('says the same in values and in JSON, for every datatype and shape', () => {
    const tensor = fc
      .tuple(fc.constantFrom(...DATATYPES), fc.integer({ min: 1, max: 5 }), fc.constantFrom([], [1], [3], [2, 2]))
      .chain(([datatype, rows, tail]) => {
        const shape = [rows, ...tail];
        const length = shape.reduce((product, size) => product * size, 1);
        return dataArbitrary(datatype, length).map((data) => ({ datatype, shape, data }) as Tensor);
      });
    // Not yet in TypeScript's library.
    const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };
    const exact = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? rawJSON(String(value)) : value);
    fc.assert(
      fc.property(tensor, (y) => {
        const writer = new PredictionWriter(modelWith(output('y', y.datatype, [-1, ...y.shape.slice(1)])));
        const { prediction } = writer.values({ y }, { count: y.shape[0]! });
        expect(writer.json({ y }, { count: y.shape[0]! })).toBe(`"prediction":${JSON.stringify(prediction, exact)}`);
      }),
      { numRuns: 500 },
    );
  });
});

function dataArbitrary(datatype: TensorSpec['datatype'], length: number): fc.Arbitrary<unknown> {
  const size = { minLength: length, maxLength: length };
  switch (datatype) {
    case 'BYTES':
      return fc.array(fc.string({ unit: 'binary' }), size);
    case 'BOOL':
      return fc.array(fc.boolean(), size).map((list) => Uint8Array.from(list, Number));
    case 'INT64':
      return fc.bigInt64Array(size);
    case 'UINT64':
      return fc.bigUint64Array(size);
    case 'FP32':
      return fc.float32Array(size);
    case 'FP64':
      return fc.float64Array(size);
    case 'INT8':
      return fc.int8Array(size);
    case 'INT16':
      return fc.int16Array(size);
    case 'INT32':
      return fc.int32Array(size);
    case 'UINT8':
      return fc.uint8Array(size);
    case 'UINT32':
      return fc.uint32Array(size);
    default:
      return fc.uint16Array(size);
  }
}
