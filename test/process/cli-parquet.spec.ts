import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type BasicType, parquetWriteFile } from 'hyparquet-writer';
import { nestor, temporaryFolder } from './nestor.ts';

/** By pyarrow, in two row groups; see houses.py beside it. */
const HOUSES = 'test/process/tables/houses.parquet';
const golden = JSON.parse(readFileSync('models/wine/training/golden.json', 'utf8')) as {
  records: Record<string, number>[];
  prediction: string[];
  probabilities: Record<string, number>[];
};
const NAMES = Object.keys(golden.records[0]!);

const rowsOf = async (path: string): Promise<Record<string, any>[]> =>
  parquetReadObjects({ file: await asyncBufferFromFile(path), compressors });
const schemaOf = async (path: string): Promise<SchemaElement[]> =>
  (await parquetMetadataAsync(await asyncBufferFromFile(path))).schema.slice(1);

/** A file with these columns. */
function parquetOf(
  path: string,
  columns: Record<string, readonly [BasicType, unknown[]]>,
  rowGroupSize = 1000,
): string {
  const columnData = Object.entries(columns).map(([name, [type, data]]) => ({ name, type, data }));
  parquetWriteFile({ filename: path, columnData, rowGroupSize });
  return path;
}

const wines = (path: string, rowGroupSize?: number): string =>
  parquetOf(
    path,
    Object.fromEntries(NAMES.map((name) => [name, ['DOUBLE', golden.records.map((record) => record[name])]])),
    rowGroupSize,
  );

describe('nestor predict of Parquet', () => {
  it('keeps every column unchanged, whatever its type, and adds the predictions', async () => {
    const output = join(temporaryFolder(), 'labelled.parquet');
    const { code, stdout } = await nestor('predict', 'models/housing', '-i', HOUSES, '-o', output, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 8, badRows: 2 });
    const [before, after] = [await rowsOf(HOUSES), await rowsOf(output)];
    expect(after.map(({ prediction: _p, error: _e, ...row }) => row)).toEqual(before);
    // What the writer cannot say of whole numbers in the newer way it says in the older one.
    const plain = (schema: SchemaElement[]) =>
      schema.map(({ logical_type: type, ...one }) => ({
        ...one,
        ...(type?.type !== 'INTEGER' && { logical_type: type }),
      }));
    expect(plain(await schemaOf(output)).slice(0, -2)).toEqual(plain(await schemaOf(HOUSES)));
    expect((await schemaOf(output)).slice(-2)).toMatchObject([
      { name: 'prediction', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
      { name: 'error', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
    ]);
    // pandas takes what is null and what is no number for missing.
    const isMissing = (at: number): boolean => at === 1 || at === 3;
    expect(after.map(({ error }) => error)).toEqual(before.map((_, at) => (isMissing(at) ? 'RM is missing' : null)));
    expect(parse(readFileSync(output.replace('.parquet', '.errors.csv')), { columns: true })).toMatchObject([
      { row: '1', field: 'RM' },
      { row: '3', field: 'RM' },
    ]);
    expect(after.map(({ prediction }) => prediction === null)).toEqual(before.map((_, at) => isMissing(at)));
  });

  it('predicts the same as for the table in CSV', async () => {
    const folder = temporaryFolder();
    const names = ['CHAS', 'RM', 'TAX', 'PTRATIO', 'B', 'LSTAT'];
    const rows = (await rowsOf(HOUSES)).map((row) => names.map((name) => row[name] ?? ''));
    const [input, output] = [join(folder, 'houses.csv'), join(folder, 'labelled.csv')];
    writeFileSync(input, `${[names, ...rows].map((row) => row.join(',')).join('\n')}\n`);
    await nestor('predict', 'models/housing', '-i', input, '-o', output);
    const csv: Record<string, string>[] = parse(readFileSync(output), { columns: true });
    const other = join(folder, 'other.parquet');
    expect(await nestor('predict', 'models/housing', '-i', HOUSES, '-o', other)).toMatchObject({ code: 0 });
    const predictions = (await rowsOf(other)).map(({ prediction }) => prediction);
    expect(predictions.map((one) => String(one ?? ''))).toEqual(csv.map(({ prediction }) => prediction));
  });

  it('gives labels as strings and probabilities as numbers, over row groups of any size', async () => {
    for (const size of [1, 7, 1000]) {
      const folder = temporaryFolder();
      const output = join(folder, 'labelled.parquet');
      const input = wines(join(folder, 'wines.parquet'), size);
      expect(await nestor('predict', 'models/wine', '-i', input, '-o', output)).toMatchObject({ code: 0 });
      const rows = await rowsOf(output);
      expect(rows.map(({ prediction }) => prediction)).toEqual(golden.prediction);
      for (const [at, { prediction, probability }] of rows.entries())
        expect(probability).toBeCloseTo(golden.probabilities[at]![prediction]!, 4);
      expect(readdirSync(folder).sort()).toEqual(['labelled.parquet', 'wines.parquet']);
    }
  });

  it('leaves no file if --strict finds a bad row', async () => {
    const folder = temporaryFolder();
    const args = ['predict', 'models/housing', '-i', HOUSES, '-o', join(folder, 'labelled.parquet'), '--strict'];
    expect(await nestor(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining('row 1: RM is missing') });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes columns by their position, whatever their names are', async () => {
    const folder = temporaryFolder();
    const input = parquetOf(join(folder, 'in.parquet'), { b: ['DOUBLE', [1]], '10': ['DOUBLE', [2]] });
    const swapped = readFileSync(input, 'latin1').replaceAll('\x01b', '\x012');
    writeFileSync(input, swapped, 'latin1');
    const output = join(folder, 'out.parquet');
    const { stderr } = await nestor('predict', 'test/models/identity-fp32', '-i', input, '-o', output);
    const columns = (await schemaOf(input)).map(({ name }) => name);
    expect(stderr).toContain(`takes the columns ${columns.join(', ')} in this order`);
  });

  it('keeps zeros with their sign', async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, 'in.parquet'), join(folder, 'out.parquet')];
    const zeros = Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? 0 : -0));
    const x = Array.from({ length: 200 }, () => 1);
    const columnData = [
      { name: 'x', type: 'DOUBLE', data: x },
      { name: 'zero', type: 'DOUBLE', data: zeros, encoding: 'PLAIN' },
    ] as const;
    parquetWriteFile({ filename: input, columnData: [...columnData] });
    await nestor('predict', 'test/models/not-finite', '-i', input, '-o', output);
    expect((await rowsOf(output)).map(({ zero }) => zero)).toEqual(zeros);
  });

  it('needs a column for each feature, also if all of its values may be missing', async () => {
    const names = ['mean_radius', 'mean_texture', 'mean_perimeter', 'mean_area', 'mean_smoothness'];
    const of = (columns: readonly string[]): Parameters<typeof parquetOf>[1] =>
      Object.fromEntries(columns.map((name) => [name, ['DOUBLE', [1]]]));
    const folder = temporaryFolder();
    for (const [columns, said] of [
      [names, 'mean_compactness has no column'],
      [[...names, 'mean compactness'], 'did you mean mean_compactness?'],
    ] as const) {
      const input = parquetOf(join(folder, 'in.parquet'), of(columns));
      const output = join(folder, 'out.parquet');
      const { code, stderr } = await nestor('predict', 'test/models/xgboost', '-i', input, '-o', output);
      expect([code, stderr]).toEqual([1, expect.stringContaining(said)]);
    }
    expect(readdirSync(folder)).toEqual(['in.parquet']);
  });

  it.each<[string, (path: string) => unknown, string]>([
    [
      'two columns of a name',
      (path) => {
        parquetOf(path, { x1: ['DOUBLE', [6]], x2: ['DOUBLE', [6]] });
        writeFileSync(path, readFileSync(path, 'latin1').replaceAll('x2', 'x1'), 'latin1');
      },
      'two columns are called x1',
    ],
    ['no Parquet', (path) => writeFileSync(path, 'CHAS,RM\n'), 'cannot be read as Parquet'],
    ['a column that is missing', (path) => parquetOf(path, { RM: ['DOUBLE', [6]] }), 'CHAS is missing'],
    [
      'a feature that is a time',
      (path) => parquetOf(path, Object.fromEntries(NAMES.map((name) => [name, ['TIMESTAMP', [new Date()]]]))),
      `the column ${NAMES[0]!} is of type TIMESTAMP_MILLIS`,
    ],
    [
      'a column of lists',
      (path) =>
        parquetWriteFile({
          filename: path,
          columnData: [{ name: 'tags', data: [[1, 2]] }],
          schema: [
            { name: 'root', num_children: 1 },
            { name: 'tags', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
            { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
            { name: 'element', type: 'INT32', repetition_type: 'OPTIONAL' },
          ],
        }),
      'the column tags is nested',
    ],
  ])('reports what is wrong with a file: %s', async (_what, write, said) => {
    const folder = temporaryFolder();
    const input = join(folder, 'in.parquet');
    write(input);
    const model = said.includes('TIMESTAMP') ? 'models/wine' : 'models/housing';
    const { code, stderr } = await nestor('predict', model, '-i', input, '-o', join(folder, 'out.parquet'));
    expect([code, stderr]).toEqual([1, expect.stringContaining(said)]);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(readdirSync(folder)).toEqual(['in.parquet']);
  });

  it.each([
    [['-o', 'labelled.csv'], 'Give --output a name that ends in .parquet'],
    [['-o', 'labelled.parquet', '--resume'], 'cannot be continued'],
  ])('rejects %j', async (args, said) => {
    const { code, stderr } = await nestor('predict', 'models/housing', '-i', HOUSES, ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
    expect(existsSync(args[1]!)).toBe(false);
  });
});
