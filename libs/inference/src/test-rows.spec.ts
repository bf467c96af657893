import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocate, type Datatype, DATATYPES, type Signature, type Tensors } from '#tensor';
import type { Instance } from './instance.ts';
import { testRows } from './test-rows.ts';
import { makeSamples } from './samples.ts';

const WIDTH = 3;
const signature: Signature = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, WIDTH] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 1] }],
};
const housing: Tensors = { x: { datatype: 'FP32', shape: [1, WIDTH], data: Float32Array.of(6.5, 296, 0) } };

type Row = readonly number[];

/** A model in code, given all rows of a run at once: it may mix them. */
const model = (answer: (rows: Row[]) => readonly number[], datatype: Datatype = 'FP32'): Instance => ({
  concurrency: 1,
  run: async ({ x }) => {
    const rows = Array.from({ length: x!.shape[0]! }, (_, row) =>
      Array.from(x!.data as Float32Array).slice(row * WIDTH, (row + 1) * WIDTH),
    );
    const values = answer(rows);
    const data = allocate(datatype, values.length);
    values.forEach(
      (value, at) =>
        (data[at] = datatype === 'BYTES' ? String(value) : datatype === 'INT64' ? BigInt(Math.round(value)) : value),
    );
    return { y: { datatype, shape: [rows.length, values.length / rows.length], data } };
  },
});

const sum = (row: Row) => row[0]! + 2 * row[1]! - row[2]!;
const test = (instance: Instance, maxBatchRows = 64, examples: Tensors[] = [housing]) =>
  testRows(instance, [makeSamples(signature, examples)], maxBatchRows);

describe('testRows', () => {
  it('finds that rows of a model agree, from one example or from none', async () => {
    const proof = {
      outcome: 'agree',
      maxBatchRows: 64,
      reason:
        'Tested: 8 sample rows were answered the same alone and together, in batches of 2, 3, 7, 64 rows, in two orders.',
    };
    expect(await test(model((rows) => rows.map(sum)))).toEqual(proof);
    expect(
      await test(
        model((rows) => rows.map(sum)),
        64,
        [],
      ),
    ).toEqual(proof);
  });

  it('tries each size up to the largest, and no larger', async () => {
    const sizes: number[] = [];
    const watched = model((rows) => (sizes.push(rows.length), rows.map(sum)));
    await test(watched, 5);
    expect([...new Set(sizes)]).toEqual([1, 2, 3, 5]);
    expect(await test(watched, 1)).toMatchObject({
      outcome: 'untested',
      reason: expect.stringContaining('limited to one row'),
    });
  });

  const mixing: Record<string, (rows: Row[]) => number[]> = {
    'standardises over its batch': (rows) => {
      const sums = rows.map(sum);
      const mean = sums.reduce((a, b) => a + b) / rows.length;
      const spread = Math.sqrt(sums.reduce((a, b) => a + (b - mean) ** 2, 0) / rows.length) || 1;
      return sums.map((value) => 20.35 + (value - mean) / spread);
    },
    'divides nothing by nothing for a lone row': (rows) => {
      const sums = rows.map(sum);
      const mean = sums.reduce((a, b) => a + b) / rows.length;
      return sums.map((value) => (value - mean) / Math.sqrt(sums.reduce((a, b) => a + (b - mean) ** 2, 0)));
    },
    'adds a little of the row before': (rows) => rows.map((row, at) => sum(row) * (1 + (at ? 1e-4 : 0))),
    'is off in the last row of large batches only': (rows) => rows.map((row, at) => (at === 63 ? 0 : sum(row))),
    'hands out the rows in reverse': (rows) => rows.map(sum).reverse(),
    'answers the maximum to all': (rows) => rows.map(() => Math.max(...rows.map(sum))),
    'mixes at a tiny scale': (rows) => rows.map((row) => 1e-9 * (sum(row) + rows.length)),
  };
  for (const [what, answer] of Object.entries(mixing)) {
    it(`catches a model that ${what}`, async () => {
      expect(await test(model(answer))).toMatchObject({
        outcome: 'disagree',
        reason: expect.stringMatching(/batch of \d+ rows.*"y" is .* instead of .*rows affect each other/),
      });
    });
  }

  it('names output, batch size and difference', async () => {
    const { reason } = await test(model((rows) => rows.map(() => rows.length)));
    expect(reason).toBe(
      'Tested: in a batch of 2 rows, row 0 of output "y" is "2" instead of "1", as it is alone: rows affect each other.',
    );
  });

  it('allows for rounding in numbers, and for none in labels and integers', async () => {
    const rounding = (rows: Row[]) => rows.map((row) => sum(row) * (1 + 4e-6 * (rows.length > 1 ? 1 : 0)));
    expect((await test(model(rounding))).outcome).toBe('agree');
    const shifting = (rows: Row[]) => rows.map((row) => Math.round(sum(row)) + (rows.length > 2 ? 1 : 0));
    expect((await test(model(shifting, 'INT64'))).outcome).toBe('disagree');
    expect((await test(model(shifting, 'BYTES'))).outcome).toBe('disagree');
    expect((await test(model((rows) => rows.map((row) => Math.round(sum(row))), 'INT64'))).outcome).toBe('agree');
  });

  it('takes what cancels to nearly nothing for nothing', async () => {
    const cancelling = (rows: Row[]) => rows.flatMap((row, at) => [at % 2 ? 1e-9 : 0, sum(row)]);
    expect((await test(model(cancelling))).outcome).toBe('disagree');
    // Rows whose first output is usually 1 may differ by a millionth part of that where it is nearly zero.
    const usually = (rows: Row[]) => rows.map((row) => (row[0]! > 6.5 ? 1 : rows.length * 1e-8));
    expect((await test(model(usually))).outcome).toBe('agree');
  });

  it('takes NaN for NaN and infinities for themselves', async () => {
    const odd = (rows: Row[]) => rows.flatMap((row) => [NaN, -Infinity, sum(row)]);
    expect((await test(model(odd))).outcome).toBe('agree');
    expect((await test(model((rows) => rows.map(() => (rows.length > 1 ? Infinity : 1e30))))).outcome).toBe('disagree');
  });

  it('compares halves within two units in the last place', async () => {
    const halves = (off: number) =>
      model(
        (rows) => rows.map((row, at) => 0x3c00 + Math.round(row[0]!) + (rows.length > 1 && at === 1 ? off : 0)),
        'FP16',
      );
    expect((await test(halves(2))).outcome).toBe('agree');
    expect((await test(halves(3))).outcome).toBe('disagree');
  });

  it('says so where the samples do not excite the model', async () => {
    expect(await test(model((rows) => rows.map(() => 1)))).toMatchObject({
      outcome: 'agree',
      reason: expect.stringContaining('answers all of them alike, which shows little'),
    });
  });

  it('takes the largest batch that runs, where a larger one fails', async () => {
    const failingFrom = (size: number): Instance =>
      model((rows) => {
        if (rows.length >= size) throw new Error('Reshape node: 6 into 3');
        return rows.map(sum);
      });
    expect(await test(failingFrom(64))).toMatchObject({ outcome: 'agree', maxBatchRows: 7 });
    expect(await test(failingFrom(3))).toMatchObject({ outcome: 'agree', maxBatchRows: 2 });
    expect(await test(failingFrom(2))).toEqual({
      outcome: 'untested',
      reason: 'Not tested: a batch of 2 rows failed (Reshape node: 6 into 3).',
    });
  });

  it('names an output that does not grow with the rows', async () => {
    const misshapen: Instance = {
      concurrency: 1,
      run: async () => ({ y: { datatype: 'FP32', shape: [1, 1], data: Float32Array.of(1) } }),
    };
    expect(await test(misshapen)).toMatchObject({
      outcome: 'disagree',
      reason: expect.stringContaining('"y" has shape [1, 1] for a batch of 2 rows, not [2, 1]'),
    });
  });

  it('tells outputs that have no dimension for rows', async () => {
    const flat: Instance = {
      concurrency: 1,
      run: async () => ({ y: { datatype: 'FP32', shape: [3], data: new Float32Array(3) } }),
    };
    expect(await test(flat)).toMatchObject({
      outcome: 'no-rows',
      reason: expect.stringContaining('output "y" has shape [3] for one row'),
    });
    let width = 0;
    const ragged: Instance = {
      concurrency: 1,
      run: async () => ({ y: { datatype: 'FP32', shape: [1, (width += 1)], data: new Float32Array(width) } }),
    };
    expect(await test(ragged)).toMatchObject({ outcome: 'no-rows', reason: expect.stringContaining('for another') });
    const broken = model(() => {
      throw new Error('no such token');
    });
    expect(await test(broken)).toMatchObject({ outcome: 'untested', reason: expect.stringContaining('no such token') });
  });

  it('finds in a later round what only larger numbers show', async () => {
    const capped = model((rows) => rows.map((row) => row[0]! / Math.max(500, ...rows.map((other) => other[0]!))));
    const samples = makeSamples(signature, [housing]);
    const larger = samples.map(({ x }) => ({
      x: { ...x!, data: (x!.data as Float32Array).map((value) => value * 1000) },
    }));
    expect((await testRows(capped, [samples], 64)).outcome).toBe('agree');
    expect((await testRows(capped, [samples, larger], 64)).outcome).toBe('disagree');
  });

  it('leaves out sample rows that the model cannot take', async () => {
    let alone = 0;
    const picky = (limit: number) => {
      alone = 0;
      return model((rows) => {
        if (rows.length === 1 && (alone += 1) > limit) throw new Error('unknown category');
        return rows.map(sum);
      });
    };
    expect(await test(picky(3))).toMatchObject({
      outcome: 'agree',
      reason: expect.stringMatching(/^Tested: 3 sample rows/),
    });
    expect(await test(picky(1))).toMatchObject({
      outcome: 'untested',
      reason: expect.stringContaining('only one sample row could be run'),
    });
  });

  it('shows nothing by one sample, and needs all of one shape', async () => {
    const instance = model((rows) => rows.map(sum));
    expect((await testRows(instance, [[housing]], 64)).outcome).toBe('untested');
    const wider: Tensors = { x: { datatype: 'FP32', shape: [1, 4], data: new Float32Array(4) } };
    await expect(testRows(instance, [[housing, wider]], 64)).rejects.toThrow('same inputs and shapes');
  });
});

describe('makeSamples', () => {
  const spec = fc.record({
    datatype: fc.constantFrom(...DATATYPES.filter((datatype) => datatype !== 'BOOL')),
    shape: fc
      .tuple(fc.constantFrom(-1, 1), fc.array(fc.constantFrom(-1, 1, 3), { maxLength: 2 }))
      .map(([rows, inner]) => [rows, ...inner]),
  });

  it('makes single rows for any signature that differ from each other in every input', () => {
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 3 }), (specs, examples) => {
        const any: Signature = { inputs: specs.map((input, at) => ({ ...input, name: `input ${at}` })), outputs: [] };
        const known = makeSamples(any).slice(0, examples);
        const samples = makeSamples(any, known);
        expect(samples).toHaveLength(8);
        expect(samples.slice(0, examples)).toEqual(known);
        expect(makeSamples(any, known)).toEqual(samples);
        for (const { name, datatype, shape } of any.inputs) {
          const tensors = samples.map((sample) => sample[name]!);
          // Whole numbers and texts of examples are taken as they are where something else can differ.
          const differs = examples === 0 || specs.length === 1 || datatype.startsWith('FP');
          if (differs)
            expect(new Set(tensors.map(({ data }) => Array.from(data as ArrayLike<unknown>, String).join())).size).toBe(
              8,
            );
          for (const tensor of tensors) {
            expect(tensor.datatype).toBe(datatype);
            expect(tensor.shape).toEqual(
              shape.map((dimension, axis) => (dimension === -1 ? (axis === 0 ? 1 : 8) : dimension)),
            );
          }
        }
      }),
    );
  });

  it('changes the only input of an example, whatever its datatype and value', () => {
    for (const datatype of DATATYPES) {
      const zero: Signature = { inputs: [{ name: 'x', datatype, shape: [-1, 1] }], outputs: [] };
      const example = { x: { datatype, shape: [1, 1], data: allocate(datatype, 1) } } as Tensors;
      const samples = makeSamples(zero, [example]);
      expect(samples[0]).toEqual(example);
      expect(new Set(samples.map(({ x }) => x!.data[0])).size).toBe(datatype === 'BOOL' ? 2 : 8);
      samples.slice(1).forEach(({ x }, at) => expect(x!.data[0]).not.toEqual(samples[at]!['x']!.data[0]));
    }
  });

  it('leaves whole numbers of examples as they are beside others: sample rates, masks, indices', () => {
    const audio: Signature = {
      inputs: [
        { name: 'wave', datatype: 'FP32', shape: [-1, 2] },
        { name: 'rate', datatype: 'INT64', shape: [1] },
      ],
      outputs: [],
    };
    const example: Tensors = {
      wave: { datatype: 'FP32', shape: [1, 2], data: Float32Array.of(0.5, -0.5) },
      rate: { datatype: 'INT64', shape: [1], data: BigInt64Array.of(16_000n) },
    };
    const samples = makeSamples(audio, [example]);
    for (const { rate } of samples) expect(rate).toEqual(example['rate']);
    expect(new Set(samples.map(({ wave }) => wave!.data[0])).size).toBe(8);
  });

  it('keeps integers within what the example shows to exist, where there is room', () => {
    const tokens: Signature = { inputs: [{ name: 'ids', datatype: 'INT64', shape: [-1, 2] }], outputs: [] };
    const samples = makeSamples(tokens, [
      { ids: { datatype: 'INT64', shape: [1, 2], data: BigInt64Array.of(101n, 30521n) } },
    ]);
    for (const { ids } of samples)
      expect(Array.from(ids!.data as BigInt64Array).every((id, at) => id <= [101n, 30521n][at]! && id >= 0n)).toBe(
        true,
      );
  });

  it('leaves out examples of other shapes than the first', () => {
    const free: Signature = { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, -1] }], outputs: [] };
    const of = (width: number): Tensors => ({
      x: { datatype: 'FP32', shape: [1, width], data: new Float32Array(width) },
    });
    for (const sample of makeSamples(free, [of(5), of(4)])) expect(sample['x']!.shape).toEqual([1, 5]);
  });
});
