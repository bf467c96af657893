import { describe, expect, it } from '@jest/globals';
import { encoded, FORMS } from '../../../../libs/csv/src/testing/encoded.fixture.ts';
import { peek, type Slice, slices } from './csv-file.ts';

const fileOf = (...parts: BlobPart[]): File => new File(parts, 'table.csv');

async function slicesOf(file: File): Promise<(Omit<Slice, 'csv'> & { readonly csv: string })[]> {
  const all = [];
  for await (const { csv, ...slice } of slices(file)) all.push({ ...slice, csv: await csv.text() });
  return all;
}

describe('peek', () => {
  it.each([
    ['PAR1\u0015\u0004', 'Parquet'],
    ['PK\u0003\u0004\u0014', 'Excel'],
  ])('refuses files of other formats: %j', async (start, name) => {
    const problem = { detail: expect.stringMatching(`^Line 1 is the start of an? ${name}.+[^.]\\.$`) };
    await expect(peek(fileOf(start, Uint8Array.of(0xff, 0x0a)), 5)).rejects.toMatchObject({ problem });
  });
});

describe('slices', () => {
  it('have the header above the rows of each, and all rows once', async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => `"row\n${at}",é\n`);
    const all = await slicesOf(fileOf('\uFEFFa,b\r\n', ...rows));
    expect(all.length).toBeGreaterThan(3);
    expect(all.every(({ header }) => header.join() === 'a,b')).toBe(true);
    const heads = all.map(({ csv }) => /^\uFEFF?a,b\r?\n/.exec(csv)![0].length);
    expect(all.map(({ csv }, at) => csv.slice(heads[at])).join('')).toBe(rows.join(''));
    expect(all.at(-1)!.share).toBe(1);
  });

  it('are the bytes of the file, whatever is wrong with them', async () => {
    const rows = ['\uFFFD', '"x"y', 'z'.repeat(2 ** 21)];
    const all = await slicesOf(fileOf('a,b\n', Uint8Array.of(0xff), `\n${rows.slice(1).join('\n')}`));
    expect(all.flatMap(({ csv }) => csv.split('\n').slice(1)).filter((row) => row !== '')).toEqual(rows);
  });

  it('have the separator of the file', async () => {
    const csv = 'a;b\n1,5;"2;""x"""\n"x"y;1\n;\n';
    expect(await slicesOf(fileOf(csv))).toEqual([{ header: ['a', 'b'], csv, rows: [2, 3, 4], share: 1 }]);
  });

  it.each(FORMS)('are the same text whatever the file is: %s', async (form) => {
    const rows = Array.from({ length: 10_000 }, (_, at) => `"row\n${at}";é\n`).join('');
    const all = await slicesOf(fileOf(encoded(`a;b\n${rows}`, form)));
    expect(all.length).toBeGreaterThan(1);
    expect(all.map(({ csv }) => csv.slice(csv.indexOf('\n') + 1)).join('')).toBe(rows);
    expect(all.map(({ header }) => header.join(' '))).toEqual(all.map(() => 'a b'));
  });

  it.each([
    ['a header alone', 'a,b'],
    ['nothing', ''],
    ['a byte order mark and empty lines', '\uFEFF\n\n'],
  ])('are none where there are no rows: %s', async (_what, csv) => {
    expect(await slicesOf(fileOf(csv))).toEqual([]);
  });

  it('know the row of each record in a spreadsheet, over the ends of slices', async () => {
    const all = await slicesOf(fileOf('a\n', ...Array.from({ length: 20_000 }, () => '"x\ny"\n\n')));
    expect(all.length).toBeGreaterThan(1);
    expect(all.flatMap(({ rows }) => rows)).toEqual(Array.from({ length: 20_000 }, (_, at) => 2 + 2 * at));
  });

  it('begin with the first row, however long the header is', async () => {
    const header = Array.from({ length: 20_000 }, (_, at) => `column ${at}`).join(',');
    const [first, ...more] = await slicesOf(fileOf(`${header}\n1\n`));
    expect(first!.csv).toBe(`${header}\n1\n`);
    expect(more).toEqual([]);
  });
});

describe('peek', () => {
  it.each([
    ['commas', 'a,b\n1,"2;3"\n4,5\n'],
    ['semicolons', 'a;b\n1;"2;3"\n4;5\n'],
    ['tabs', 'a\tb\n1\t2;3\n4\t5\n'],
    ['semicolons, with commas in a quoted name', '"a";b\n1;"2;3"\n4;5\n'],
  ])('shows the first records of a table with %s', async (_what, csv) => {
    expect(await peek(fileOf(csv), 2)).toEqual([
      ['a', 'b'],
      ['1', '2;3'],
    ]);
  });
});
