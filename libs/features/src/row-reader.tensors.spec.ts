import { describe, expect, it } from '@jest/globals';
import { input, problems, readerOf, scalar, thrownBy } from './testing/readers.fixture.ts';

describe('tensors', () => {
  const image = readerOf(undefined, [input('image', 'FP32', [-1, 2, 2])]);

  it('are nested lists of the exact shape', () => {
    const expected = { datatype: 'FP32', shape: [2, 2, 2], data: new Float32Array([1, 2, 3, 4, 5, 6, 7, 8]) };
    const a = [
      [1, 2],
      [3, 4],
    ];
    const b = [
      [5, 6],
      [7, 8],
    ];
    for (const body of [
      [{ image: a }, { image: b }],
      { instances: [a, b] },
      { image: { 0: a, 1: b } },
      { dataframe_split: { columns: ['image'], data: [[a], [b]] } },
    ]) {
      expect(image.read(body).inputs.image).toEqual(expected);
    }
  });

  it.each<[unknown, string]>([
    [[1, 2], 'row 0: image is 1 at depth 1; lists of shape [2, 2] are expected'],
    [[[1, 2], [3]], 'row 0: image has 1 items at depth 1; lists of shape [2, 2] are expected'],
    [
      [
        [1, 2],
        [3, [4]],
      ],
      'row 0: image is nested too deeply: lists of shape [2, 2] are expected',
    ],
    [
      [
        [1, 2],
        [3, null],
      ],
      'row 0: image (element 3) is null; a number is expected',
    ],
    [7, 'row 0: image is 7 at depth 0; lists of shape [2, 2] are expected'],
    [[], 'row 0: image holds an empty list'],
  ])('of another shape are refused: %j', (value, detail) => {
    expect(problems(() => image.read({ image: value }))).toEqual([detail]);
  });

  it('may have a dimension of any size, the same in all rows of a request', () => {
    const tokens = readerOf(undefined, [input('tokens', 'INT64', [-1, -1])]);
    expect(tokens.read([{ tokens: [1, 2, 3] }, { tokens: [4, 5, 6] }]).inputs.tokens!.shape).toEqual([2, 3]);
    expect(problems(() => tokens.read([{ tokens: [1, 2] }, { tokens: [3] }]))).toEqual([
      'row 1: tokens has 1 items at depth 0; lists of shape [2] are expected',
    ]);
  });

  it('are never allocated beyond what the body holds', () => {
    const huge = readerOf(undefined, [input('x', 'FP32', [-1, 100_000, 100_000])]);
    expect(problems(() => huge.read(new Array(10).fill({ x: 0 })))).toHaveLength(10);
    const any = readerOf(undefined, [input('x', 'FP32', [-1, -1, -1])]);
    const first = new Array(60_000).fill(0);
    first[0] = new Array(60_000).fill(0);
    expect(problems(() => any.read([{ x: first }, { x: 0 }]))).toHaveLength(2);
  });

  it('are missing, or not in a table of CSV', () => {
    expect(
      problems(() =>
        image.read([
          {
            image: [
              [1, 2],
              [3, 4],
            ],
          },
          {},
        ]),
      ),
    ).toEqual(['row 1: image is missing']);
    expect(thrownBy(() => image.readCsv(Buffer.from('image\n1\n'))).message).toMatch(/CSV cannot carry image/);
  });

  it('feed several inputs of several datatypes', () => {
    const inputs = [input('n', 'INT64', [-1, 1]), input('s', 'BYTES', [-1]), input('v', 'FP64', [-1, 2])];
    expect(
      readerOf(undefined, inputs).read([
        { v: [1, 2], s: 'a', n: 3 },
        { n: 4, s: 'b', v: [5, 6] },
      ]).inputs,
    ).toEqual({
      n: { datatype: 'INT64', shape: [2, 1], data: new BigInt64Array([3n, 4n]) },
      s: { datatype: 'BYTES', shape: [2], data: ['a', 'b'] },
      v: { datatype: 'FP64', shape: [2, 2], data: new Float64Array([1, 2, 5, 6]) },
    });
  });

  it('of a model with one feature may stand alone among instances', () => {
    const one = scalar('FP32');
    expect(one.read({ instances: [1, [2]] }).inputs.x).toEqual({
      datatype: 'FP32',
      shape: [2, 1],
      data: new Float32Array([1, 2]),
    });
  });

  it('without a dimension for rows are one record a request; with 1 there they are stacked', () => {
    const whole = readerOf(undefined, [input('x', 'FP32', [-1, 2]), input('threshold', 'FP32', [])]);
    const record = {
      x: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      threshold: 0.5,
    };
    expect(whole.read(record)).toEqual({
      count: 1,
      inputs: {
        x: { datatype: 'FP32', shape: [3, 2], data: new Float32Array([1, 2, 3, 4, 5, 6]) },
        threshold: { datatype: 'FP32', shape: [], data: new Float32Array([0.5]) },
      },
      warnings: [],
    });
    expect(thrownBy(() => whole.read([record, record])).message).toMatch(/takes one/);
    expect(
      readerOf(undefined, [input('x', 'FP32', [1, 2])]).read([{ x: [1, 2] }, { x: [3, 4] }]).inputs.x!.shape,
    ).toEqual([2, 2]);
  });
});
