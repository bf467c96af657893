import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { encoded, FORMS } from '../../../../libs/csv/src/testing/encoded.fixture.ts';
import { summarise } from './data.ts';

const folder = mkdtempSync(join(tmpdir(), 'nestor-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: string | Uint8Array): string {
  const path = join(folder, 'data.csv');
  writeFileSync(path, content);
  return path;
}

describe('summarise', () => {
  it('reads names, values and the first rows', async () => {
    const { columns, firstRows } = await summarise(fileOf('\uFEFFage ,"city"\r\n30,"Bern, CH"\r\n\r\n40,Rom\n'));
    expect(columns.map(({ name, values }) => [name, values])).toEqual([
      ['age', [30, 40]],
      ['city', ['Bern, CH', 'Rom']],
    ]);
    expect(firstRows).toEqual([
      ['30', 'Bern, CH'],
      ['40', 'Rom'],
    ]);
  });

  it.each(FORMS)('reads semicolons and tabs, whatever the file is: %s', async (form) => {
    for (const separator of [';', '\t']) {
      const { columns } = await summarise(fileOf(encoded(`age${separator}größe\n30${separator}"a,b"\n`, form)));
      expect(columns.map(({ name, values }) => [name, values])).toEqual([
        ['age', [30]],
        ['größe', ['a,b']],
      ]);
    }
  });

  it.each([
    ['a row of another length', 'a,b\n1,2\n\n3\n', 'line 4 has 1 values; the header has 2'],
    ['wrong quotes', 'a,b\n1,"2\n', 'line 2 has wrong quotes'],
    ['what is not UTF-8', Uint8Array.of(0x61, 0x0a, 0xff), 'line 2 is not valid UTF-8'],
    ['no rows', 'a,b\n', 'is empty'],
    ['a Parquet file', 'PAR1\u0015\u0004', 'line 1 is the start of a Parquet file'],
  ])('refuses %s', async (_what, content, message) => {
    await expect(summarise(fileOf(content))).rejects.toThrow(
      expect.objectContaining({ name: 'Failure', message: expect.stringContaining(message) }),
    );
  });

  it('says that there is no such file', async () => {
    await expect(summarise(join(folder, 'none.csv'))).rejects.toThrow('ENOENT');
  });
});
