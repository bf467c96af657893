import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NestorError } from '#errors';
import type { Signature } from '#tensor';
import { encoded, FORMS } from '../../csv/src/testing/encoded.fixture.ts';
import { exactJson } from './exact-json.ts';
import { resolveFeatures } from './resolve-features.ts';
import { RowReader } from './row-reader.ts';

const signature: Signature = {
  inputs: [
    { name: 'table', datatype: 'FP32', shape: [-1, 2] },
    { name: 'count', datatype: 'INT64', shape: [-1, 1] },
    { name: 'flag', datatype: 'BOOL', shape: [-1] },
    { name: 'word', datatype: 'BYTES', shape: [-1, 1] },
  ],
  outputs: [],
};
const features = resolveFeatures(
  [
    { name: 'word' },
    { name: 'RM', input: 'table', missing: true },
    { name: 'count' },
    { name: 'TAX', input: 'table' },
    { name: 'flag' },
  ],
  signature,
);
const reader = new RowReader(features, signature, { maxRows: 20 });

const smallest = (value: bigint) => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
const number = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
type Row = Record<string, string | number | bigint | boolean | null>;
const rowArbitrary: fc.Arbitrary<Row> = fc.record({
  RM: fc.option(number),
  TAX: number,
  // As JSON that is parsed exactly has it.
  count: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(smallest),
  flag: fc.boolean(),
  word: fc.string({ unit: 'grapheme' }).filter((word) => word.trim() !== '' && !word.includes('\0')),
});
const rowsArbitrary = fc.array(rowArbitrary, { minLength: 1, maxLength: 20 });

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const cell = (value: Row[string] | undefined): string =>
  typeof value === 'string' ? quote(value) : value === null ? '' : String(value);

describe('RowReader', () => {
  it('gives rows back as they were', () => {
    fc.assert(
      fc.property(rowsArbitrary, (rows) => {
        const { table, count, flag, word } = reader.read(reader.parse(exactJson(rows))).inputs;
        const back = rows.map((_, row) => ({
          RM: Number.isNaN(table!.data[2 * row]) ? null : table!.data[2 * row],
          TAX: table!.data[2 * row + 1],
          count: smallest(count!.data[row] as bigint),
          flag: flag!.data[row] === 1,
          word: word!.data[row],
        }));
        expect(back).toEqual(rows);
      }),
    );
  });

  it('makes the same tensors of the same rows in every form, columns in any order', () => {
    const names = ['RM', 'TAX', 'count', 'flag', 'word'];
    fc.assert(
      fc.property(
        rowsArbitrary,
        fc.shuffledSubarray(names, { minLength: names.length }),
        fc.boolean(),
        (rows, columns, named) => {
          const label = (row: number): string => (named ? `row ${row}` : String(row));
          const data = rows.map((row) => columns.map((name) => row[name]));
          const expected = reader.readRecords(rows);
          const frame = Object.fromEntries(
            columns.map((name) => [name, Object.fromEntries(rows.map((row, at) => [label(at), row[name]]))]),
          );
          const positional = rows.map((row) => features.map(({ name }) => row[name]));
          for (const body of [
            rows,
            { instances: rows },
            { instances: positional },
            { dataframe_records: rows },
            { dataframe_split: { columns, data } },
            frame,
          ]) {
            expect(reader.read(body)).toEqual(expected);
          }
          for (const separator of [',', ';', '\t']) {
            const cells = [columns, ...data.map((values) => values.map(cell))];
            const csv = cells.map((line) => line.join(separator)).join('\r\n');
            for (const form of FORMS) expect(reader.readCsv(encoded(csv, form))).toEqual(expected);
          }
        },
      ),
    );
  });

  const name = fc.constantFrom(
    'RM',
    'TAX',
    'count',
    'flag',
    'word',
    '__proto__',
    'constructor',
    'instances',
    'dataframe_split',
    'dataframe_records',
    'columns',
    'data',
    '0',
  );
  const { body } = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean(), fc.constant(null)),
    object: fc.dictionary(fc.oneof({ weight: 5, arbitrary: name }, fc.string()), tie('body'), {
      maxKeys: 6,
      noNullPrototype: true,
    }),
    list: fc.array(tie('body'), { maxLength: 5 }),
    body: fc.oneof({ maxDepth: 4, depthSize: 'small' }, tie('leaf'), tie('object'), tie('list')),
  }));
  const models = [
    reader,
    ...[[-1], [-1, -1], [2, 2], []].map((shape) => {
      const one: Signature = { inputs: [{ name: 'RM', datatype: 'FP32', shape }], outputs: [] };
      return new RowReader(resolveFeatures(undefined, one), one, { maxRows: 3 });
    }),
  ];

  it('throws nothing but errors of the catalogue, whatever the body', () => {
    fc.assert(
      fc.property(body, fc.string(), (value, text) => {
        for (const model of models) {
          for (const read of [
            () => model.read(value),
            () => model.readCsv(Buffer.from(text)),
            () => model.readCsv(Buffer.from(`RM,TAX\n${text}`)),
          ]) {
            try {
              expect(read().count).toBeGreaterThan(0);
            } catch (error) {
              expect(error).toBeInstanceOf(NestorError);
            }
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
