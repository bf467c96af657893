import { open, rm, writeFile } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Row } from '#labelling';
import { LineReader, RecordReader } from '#csv';
import { encoded, FORMS } from '../../../../libs/csv/src/testing/encoded.fixture.ts';
import { FileText } from './file-text.ts';
import { LONGEST_RECORD, recordBatches } from './records.ts';

const folder = mkdtempSync(join(tmpdir(), 'nestor-'));
const path = join(folder, 'records.csv');

afterAll(() => rm(folder, { recursive: true }));

interface Cut {
  readonly rows: readonly Row[];
  readonly ends: readonly { readonly end: number; readonly nextLine: number; readonly rows: number }[];
}

/** All records of a content, from a place on. */
async function cut(content: string | Uint8Array, form: 'csv' | 'line' = 'csv', offset = 0, line = 1): Promise<Cut> {
  const from = { offset, line };
  const reader =
    form === 'csv' ? new RecordReader({ longest: LONGEST_RECORD, from }) : new LineReader(LONGEST_RECORD, from);
  await writeFile(path, content);
  const file = await open(path);
  try {
    const rows: Row[] = [];
    const ends: Cut['ends'][number][] = [];
    for await (const batch of recordBatches(await FileText.of(file), path, reader)) {
      rows.push(...batch.rows);
      ends.push({ end: batch.end, nextLine: batch.nextLine, rows: rows.length });
    }
    return { rows, ends };
  } finally {
    await file.close();
  }
}

const texts = ({ rows }: Cut) => rows.map(({ text }) => text);

describe('recordBatches', () => {
  it.each([
    ['lines', 'a,b\n1,2\n', ['a,b', '1,2']],
    ['a last line without a break', 'a\nb', ['a', 'b']],
    ['CRLF', 'a\r\nb\r\n', ['a', 'b']],
    ['empty lines', '\na\n\n\r\nb\n', ['a', 'b']],
    ['line breaks and commas within quotes', 'a,"b\n,c"\r\n"d\r\n""e"""\n', ['a,"b\n,c"', '"d\r\n""e"""']],
    ['quotes within a cell, which open nothing', 'a,12" x\nb,3" y\n', ['a,12" x', 'b,3" y']],
    ['a quote that is never closed', 'a\n"b\nc\n', ['a', '"b', 'c']],
    ['nothing', '', []],
  ])('cuts %s', async (_, content, expected) => {
    expect(texts(await cut(content))).toEqual(expected);
  });

  it('takes quotes for text where they mean nothing', async () => {
    expect(texts(await cut('{"a": "\n"}\n', 'line'))).toEqual(['{"a": "', '"}']);
  });

  it('counts lines, those within quotes and empty ones too', async () => {
    const { rows, ends } = await cut('a\n"b\nb"\n\nc\n');
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 5]);
    expect(ends.at(-1)).toMatchObject({ nextLine: 6 });
  });

  it('refuses bytes that are not UTF-8, and records that are too long', async () => {
    await expect(cut(Buffer.from([0x61, 0xff, 0x0a]))).rejects.toThrow('UTF-8');
    await expect(cut(`a\n${'x'.repeat(17 * 2 ** 20)}`)).rejects.toThrow('line 2: a record is longer than');
  });

  it('never cuts within a character, a quote or a record, wherever blocks end; and goes on from the end of any batch', async () => {
    // Long enough for many blocks, with breaks at all distances from their ends.
    const cell = fc.oneof(
      fc.integer().map(String),
      fc.constantFrom('', 'ü', '🍷', 'x'.repeat(500)),
      fc.constantFrom('"a\nb"', '"""\r\n"', '",\n\n,"', `"${'long\n'.repeat(200)}"`),
    );
    const record = fc.array(cell, { minLength: 2, maxLength: 6 }).map((cells) => cells.join(','));
    const records = fc.array(record, { minLength: 1, maxLength: 400 });
    const ends = fc.constantFrom('\n', '\r\n');
    await fc.assert(
      fc.asyncProperty(records, ends, fc.boolean(), fc.constantFrom(...FORMS), async (list, feed, ending, form) => {
        const content = encoded(list.join(feed) + (ending ? feed : ''), form);
        const whole = await cut(content);
        expect(texts(whole)).toEqual(list);
        const middle = whole.ends[whole.ends.length >> 1]!;
        const rest = await cut(content, 'csv', middle.end, middle.nextLine);
        expect(rest.rows).toEqual(whole.rows.slice(middle.rows));
      }),
      { numRuns: 60 },
    );
  });
});
