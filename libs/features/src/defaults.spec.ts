import { describe, expect, it } from '@jest/globals';
import type { Signature } from '#tensor';
import { resolveFeatures } from './resolve-features.ts';
import { RowReader } from './row-reader.ts';
import { input, problems, readerOf, thrownBy } from './testing/readers.fixture.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
/** A table of two columns, beside a first state and weights that rows may leave out. */
const reader = readerOf(
  [
    { name: 'a', input: 'x' },
    { name: 'b', input: 'x' },
    { name: 'state', default: 0.5 },
    { name: 'weights', default: [[1], [2]] },
  ],
  [input('x', 'FP32', [-1, 2]), input('state', 'FP16', [-1, 3]), input('weights', 'INT64', [-1, 2, 1])],
  5000,
);

describe('the default of a tensor', () => {
  it('fills the tensor in rows of every form that leave it out', () => {
    const state = { datatype: 'FP16', shape: [2, 3], data: new Uint16Array(6).fill(0x3800) };
    const weights = { datatype: 'INT64', shape: [2, 2, 1], data: new BigInt64Array([1n, 2n, 1n, 2n]) };
    const x = { datatype: 'FP32', shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) };
    const rows = [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ];
    for (const read of [
      reader.read(rows),
      reader.read({ instances: rows }),
      reader.read({
        dataframe_split: {
          columns: ['b', 'a'],
          data: [
            [2, 1],
            [4, 3],
          ],
        },
      }),
      reader.read({ a: { 0: 1, 1: 3 }, b: { 0: 2, 1: 4 } }),
      reader.readInputs({ a: [1, 3], b: [2, 4] }),
      reader.readInputs({
        x: [
          [1, 2],
          [3, 4],
        ],
      }),
      reader.readCsv(bytes('a,b\n1,2\n3,4\n')),
      reader.csvBelow(['a', 'b']).read([
        { text: '1,2', line: 2, fault: undefined },
        { text: '3,4', line: 3, fault: undefined },
      ]),
    ]) {
      expect(read).toEqual({
        count: 2,
        inputs: { x, state, weights },
        warnings: [],
        ...(read.asSent && { asSent: true }),
      });
    }
  });

  it('stands beside values of other rows', () => {
    const { state, weights } = reader.read([
      { a: 1, b: 2, weights: [[8], [9]] },
      { a: 3, b: 4, state: [1, 2, 3] },
    ]).inputs;
    expect(new Float16Array((state!.data as Uint16Array).buffer)).toEqual(new Float16Array([0.5, 0.5, 0.5, 1, 2, 3]));
    expect(weights!.data).toEqual(new BigInt64Array([8n, 9n, 1n, 2n]));
  });

  it('stands for null, but not for an element that is null', () => {
    const { state } = reader.read([
      { a: 1, b: 2, state: null },
      { a: 3, b: 4, state: [1, 2, 3], weights: null },
    ]).inputs;
    expect(new Float16Array((state!.data as Uint16Array).buffer)).toEqual(new Float16Array([0.5, 0.5, 0.5, 1, 2, 3]));
    expect(problems(() => reader.read([{ a: 1, b: 2, state: [1, null, 3] }]))).toEqual([
      'row 0: state (element 1) is null; a number is expected',
    ]);
  });

  it('is no value that CSV could carry', () => {
    expect(thrownBy(() => reader.readCsv(bytes('a,b,state\n1,2,3\n'))).message).toMatch(/CSV cannot carry state/);
    expect(thrownBy(() => reader.csvBelow(['a', 'b', 'state'])).message).toMatch(/CSV cannot carry state/);
  });

  it('takes no more memory than a request may ask for', () => {
    const large = readerOf(
      [{ name: 'x' }, { name: 'picture', default: 0 }],
      [input('x', 'FP32', [-1]), input('picture', 'FP32', [-1, 3, 1000, 1000])],
    );
    expect(large.read([{ x: 1 }]).inputs.picture!.data).toHaveLength(3_000_000);
    const { code, message } = thrownBy(() => large.read([{ x: 1 }, { x: 2 }]));
    expect({ code, message }).toEqual({
      code: 'TOO_MANY_ROWS',
      message:
        'picture is left out in too many rows for its default of 3000000 elements: send at most 1 row without it.',
    });
  });

  it('is as long as an input whose dimension has the same name in the model', () => {
    const inputs = ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => input(name, 'INT64', [-1, -1]));
    const signature: Signature = { inputs, outputs: [] };
    const declared = [
      { name: 'input_ids' },
      { name: 'attention_mask', default: 1 },
      { name: 'token_type_ids', default: 0 },
    ];
    const features = resolveFeatures(declared, signature, true, () => ['batch', 'sequence']);
    const tokens = new RowReader(features, signature, { maxRows: 10 });
    const { attention_mask, token_type_ids } = tokens.read([
      { input_ids: [101, 7, 102] },
      { input_ids: [101, 8, 102] },
    ]).inputs;
    expect(attention_mask).toEqual({ datatype: 'INT64', shape: [2, 3], data: new BigInt64Array(6).fill(1n) });
    expect(token_type_ids).toEqual({ datatype: 'INT64', shape: [2, 3], data: new BigInt64Array(6) });
    expect(problems(() => tokens.read([{}]))).toEqual(['row 0: input_ids is missing']);
    expect(() => resolveFeatures(declared, signature, true)).toThrow(
      'Feature attention_mask has a default for each element of [-1], whose dimension 0 may have any length: ' +
        'write the whole shape as "shape", or the whole default as lists.',
    );
  });

  it('may stand in a dimension that the manifest says, where the model leaves it open', () => {
    const stateful = readerOf(
      [
        { name: 'x', shape: [-1, 2] },
        { name: 'state', shape: [2, 1, 2], default: 0 },
        { name: 'rate', default: 16000 },
      ],
      [input('x', 'FP32', [-1, -1]), input('state', 'FP32', [2, -1, 2]), input('rate', 'INT64', [])],
    );
    expect(stateful.read({ x: [[1, 2]] }).inputs).toEqual({
      x: { datatype: 'FP32', shape: [1, 2], data: new Float32Array([1, 2]) },
      state: { datatype: 'FP32', shape: [2, 1, 2], data: new Float32Array(4) },
      rate: { datatype: 'INT64', shape: [], data: new BigInt64Array([16000n]) },
    });
    expect(problems(() => stateful.read({ x: [[1, 2, 3]] }))).toHaveLength(1);
    expect(() => readerOf([{ name: 'x', shape: [2, 3] }], [input('x', 'FP32', [-1, -1, 4])])).toThrow(
      /"shape" \[2, 3\]/,
    );
  });

  it.each<[unknown, RegExp]>([
    ['x', /state has a default that the model does not take: state is the string "x"; a number is expected/],
    [[1, 2], /state has a default that the model does not take: state has 2 items/],
    [[1, 2, null], /state \(element 2\) is null/],
    [11, /state is 11, outside the range/],
  ])('is one that the model takes: %j', (value, message) => {
    const declared = [{ name: 'state', default: value, range: [0, 10] as const }];
    expect(() => readerOf(declared, [input('state', 'FP32', [-1, 3])])).toThrow(message);
  });
});

it('the range of a tensor holds for each of its elements', () => {
  const ranged = readerOf([{ name: 'bytes', range: [0, 256] }], [input('bytes', 'INT32', [-1, 3])]);
  expect(problems(() => ranged.read([{ bytes: [0, 256, 257] }]))).toEqual([
    'row 0: bytes (element 2) is 257, outside the range that the model takes (0 to 256)',
  ]);
});
