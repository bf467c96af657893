import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RowReader } from './row-reader.ts';
import { input, problems, readerOf } from './testing/readers.fixture.ts';

type Row = Readonly<Record<string, number | null>>;

/** A feature that may be missing, one with a default, one with both, and one that is required. */
const reader = readerOf(
  [
    { name: 'worst perimeter', missing: true },
    { name: 'mean radius', default: 7 },
    { name: 'texture', missing: true, default: 8 },
    { name: 'area' },
  ],
  [input('x', 'FP32', [-1, 4])],
  100,
);
const NO_COLUMN =
  'worst perimeter has no column. Missing values are empty cells (null in JSON): send the column, or give the feature a default';

/** Every form whose columns are named once for all rows. */
const TABLES: readonly [string, (of: RowReader, columns: readonly string[], rows: readonly Row[]) => number[]][] = [
  ['CSV', (of, columns, rows) => floats(of.readCsv(Buffer.from(csv(columns, rows))))],
  [
    'CSV in batches',
    (of, columns, rows) => {
      const [, ...lines] = csv(columns, rows).trimEnd().split('\n');
      return floats(of.csvBelow(columns).read(lines.map((text, at) => ({ text, line: at + 2, fault: undefined }))));
    },
  ],
  [
    'dataframe_split',
    (of, columns, rows) =>
      floats(of.read({ dataframe_split: { columns, data: rows.map((row) => columns.map((name) => row[name])) } })),
  ],
  [
    'a DataFrame dict',
    (of, columns, rows) =>
      floats(of.read(table(columns, (name) => Object.fromEntries(rows.map((row, at) => [`r${at}`, row[name]]))))),
  ],
  ['inputs', (of, columns, rows) => floats(of.readInputs(table(columns, (name) => rows.map((row) => row[name]))))],
];

const csv = (columns: readonly string[], rows: readonly Row[]): string =>
  [columns, ...rows.map((row) => columns.map((name) => row[name] ?? ''))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');
const table = (columns: readonly string[], values: (name: string) => unknown) =>
  Object.fromEntries(columns.map((name) => [name, values(name)]));
const floats = ({ inputs }: ReturnType<RowReader['read']>): number[] => [...(inputs.x!.data as Float32Array)];

describe.each(TABLES)('a table without a column: %s', (_form, read) => {
  const rowsOf = (...columns: string[]) => [table(columns, () => 1) as Row, table(columns, () => 2) as Row];
  const of = (...columns: string[]) => read(reader, columns, rowsOf(...columns));

  it('is refused, also if values of the feature may be missing', () => {
    expect(problems(() => of('mean radius', 'texture', 'area'))).toEqual([NO_COLUMN]);
    expect(problems(() => of('worst perimeter', 'mean radius', 'texture'))).toEqual(['area is missing']);
  });

  it('has the default of the feature, also if its values may be missing', () => {
    expect(of('area', 'worst perimeter')).toEqual([1, 7, 8, 1, 2, 7, 8, 2]);
  });

  it.each([
    ['worst_perimeter', 'worst perimeter'],
    ['Mean-Radius', 'mean radius'],
    ['mean raduis', 'mean radius'],
    ['texure', 'texture'],
  ])('is refused if it has %s, which means %s', (given, meant) => {
    const others = ['worst perimeter', 'mean radius', 'texture', 'area'].filter((name) => name !== meant);
    expect(problems(() => of(...others, given))).toContain(
      `${given} is not a feature of this model; did you mean ${meant}?`,
    );
  });
});

it('columns beside the features may have similar names, where CSV may have others', () => {
  const columns = ['worst perimeter', 'mean radius', 'texture', 'area', 'worst_perimeter', 'aera', 'id'];
  expect(reader.csvBelow(columns).unused).toEqual(['worst_perimeter', 'aera', 'id']);
});

it('records may leave out what may be missing and what has a default, but not misspell it', () => {
  expect(floats(reader.read([{ area: 1 }, { area: 2, texture: 3 }]))).toEqual([NaN, 7, 8, 1, NaN, 7, 3, 2]);
  expect(problems(() => reader.read([{ area: 1, worst_perimeter: 2, 'mean raduis': 3 }]))).toEqual([
    'row 0: worst_perimeter is not a feature of this model; did you mean worst perimeter?',
    'row 0: mean raduis is not a feature of this model; did you mean mean radius?',
  ]);
});

it('rows are the same in every table, in whatever order, and as records', () => {
  const value = fc.option(fc.integer({ min: -1000, max: 1000 }));
  const row = fc.record({ 'worst perimeter': value, area: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 10 }),
      fc.shuffledSubarray(['worst perimeter', 'area'], { minLength: 2 }),
      (rows, columns) => {
        const expected = floats(reader.read(rows));
        for (const [, read] of TABLES) expect(read(reader, columns, rows)).toEqual(expected);
      },
    ),
  );
});
