import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { cellsOf, recordOf } from './cells.ts';
import type { CsvRecord } from './csv-record.ts';
import { RecordReader } from './record-reader.ts';
import { bytesOf, places, read } from './testing/pieces.fixture.ts';
import { workOf } from './testing/work.fixture.ts';

const recordsOf = (text: string, longest = 1000): CsvRecord[] => read(new RecordReader({ longest }), bytesOf(text));
const texts = (records: readonly CsvRecord[]): readonly unknown[] => records.map(({ text, fault }) => fault ?? text);

describe('RecordReader', () => {
  it.each([
    ['line breaks of either kind, and none at the end', 'a,b\r\n1,2\n3,4', ['a,b', '1,2', '3,4']],
    ['empty lines, which are no records', '\n\r\na\n\nb\n', ['a', 'b']],
    ['line breaks between quotes', 'a\n"1\r\n\n2",3\n4', ['a', '"1\r\n\n2",3', '4']],
    ['quotes within quotes', '"a ""b""\nc"\nd', ['"a ""b""\nc"', 'd']],
    ['nothing', '', []],
  ])('reads %s', (_what, text, records) => {
    expect(texts(recordsOf(text))).toEqual(records);
  });

  it.each([
    ['that stands within a cell', 'a,12" x\nb,c\n', ['wrong quotes', 'b,c']],
    ['that closes before the end of its cell', 'a\n"b" c,"d\ne"\nf', ['a', 'wrong quotes', 'wrong quotes', 'f']],
    ['that never closes', 'a\n"b,\nc\n\nd\n', ['a', 'wrong quotes', 'c', 'd']],
    ['that the next quotes close by mistake', 'a\n"b\nc\n"d","e\n"\nf', ['a', 'wrong quotes', 'c', '"d","e\n"', 'f']],
  ])('loses no line but its own by a quote %s', (_what, text, records) => {
    expect(texts(recordsOf(text))).toEqual(records);
  });

  it('says on which line each record begins, and where the one does whose end has not come', () => {
    const reader = new RecordReader({ longest: 1000 });
    const records = reader.push(bytesOf('é\n"b\nb"\n\nc\n\n"d\n'));
    expect(records.map(({ line }) => line)).toEqual([1, 2, 5]);
    expect(reader.place).toEqual({ line: 7, offset: 13 });
  });

  it('reads a record of very many lines', () => {
    const record = `"${'a\n\r\n'.repeat(3000)}"`;
    expect(texts(recordsOf(`${record}\n${record}x\nb`, 1e6))).toEqual([
      record,
      'wrong quotes',
      ...Array<string>(2999).fill('a'),
      'wrong quotes',
      'b',
    ]);
  });

  it('keeps nothing of a record that is too long, and goes on behind it', () => {
    const long = `a\n${'x'.repeat(50)}\nb\n"${'y'.repeat(10)}\n${'z'.repeat(10)}\nc\n`;
    expect(texts(recordsOf(long, 20))).toEqual(['a', 'too long', 'b', 'wrong quotes', 'z'.repeat(10), 'c']);
  });

  it('marks a record of which a part is not UTF-8', () => {
    const bytes = Uint8Array.from([...bytesOf('"a\n'), 0xff, ...bytesOf('"\nb\n')]);
    expect(texts(read(new RecordReader({ longest: 100 }), bytes))).toEqual(['not UTF-8', 'b']);
  });

  it('reads cells between other separators', () => {
    const records = read(new RecordReader({ longest: 100, separator: ';' }), bytesOf('a;"b;\n1";c,d\n'));
    expect(records.map((record) => cellsOf(record, ';'))).toEqual([['a', 'b;\n1', 'c,d']]);
  });

  const anyText = fc.string({
    unit: fc.constantFrom('a', ',', '"', '""', '\n', '\r\n', 'é', ',"', '",'),
    maxLength: 80,
  });

  it('gives the same records wherever the pieces end, and from the place of any of them on', () => {
    fc.assert(
      fc.property(anyText, places, fc.constantFrom(12, 1000), (text, cuts, longest) => {
        const bytes = bytesOf(text);
        const whole = read(new RecordReader({ longest }), bytes);
        expect(read(new RecordReader({ longest }), bytes, cuts)).toEqual(whole);
        for (const cut of cuts) {
          const reader = new RecordReader({ longest });
          const before = reader.push(bytes.subarray(0, cut));
          const from = reader.place;
          const rest = read(new RecordReader({ longest, from }), bytes.subarray(from.offset));
          expect([...before, ...rest]).toEqual(whole);
        }
      }),
    );
  });

  it('loses no line, whatever the quotes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const lines = (one: string): string[] => one.split(/\r?\n/).filter((line) => line !== '');
        expect(recordsOf(text).flatMap((record) => lines(record.text))).toEqual(lines(text));
      }),
    );
  });

  it('reads well-formed CSV as another reader of RFC 4180 does', () => {
    const bare = fc.string({ unit: fc.constantFrom('a', ' ', '1', 'é', '\r'), maxLength: 3 });
    const quoted = fc
      .string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n'), maxLength: 5 })
      .map((text) => `"${text.replaceAll('"', '""')}"`);
    const row = fc.array(fc.oneof(bare, quoted), { minLength: 1, maxLength: 4 }).map((cells) => cells.join(','));
    const csv = fc
      .tuple(fc.array(row), fc.constantFrom('\n', '\r\n'))
      .map(([rows, feed]) => rows.map((one) => one + feed).join(''));
    fc.assert(
      fc.property(csv, (text) => {
        const options = { relax_column_count: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n'] };
        expect(recordsOf(text).map((record) => cellsOf(record))).toEqual(parse(text, options));
      }),
    );
  });

  it('reads back what is written', () => {
    const part = fc.oneof(fc.constantFrom(',', '"', '\n', '\r'), fc.string({ unit: 'binary', maxLength: 3 }));
    const text = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
    const table = fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(table, (rows) => {
        const csv = [['header'], ...rows].map((cells) => `${recordOf(cells)}\n`).join('');
        const [, ...read] = recordsOf(csv).map((record) => cellsOf(record));
        expect(read).toEqual(rows);
      }),
    );
  });

  it.each([
    ['a long line', '', 'x', ''],
    ['a long record of many lines', '"', '\n', '"'],
    ['quotes that close on the next line', '', '"",x,"\n', ''],
    ['quotes that never close', '"', '""a\n', ''],
    ['cells without quotes before one with them', '', 'a,', '"'],
    ['lines that are not UTF-8', '', '\xff\n', ''],
  ])('takes work that grows with the bytes alone, however small the pieces: %s', (_what, start, part, end) => {
    for (const size of [1, 7, Infinity]) {
      const work = (parts: number): number => {
        const bytes = Uint8Array.from(Buffer.from(start + part.repeat(parts) + end, 'latin1'));
        return workOf(() => {
          const reader = new RecordReader({ longest: 2 ** 20 });
          for (let at = 0; at < bytes.length; at += size) {
            for (const record of reader.push(bytes.subarray(at, at + size))) cellsOf(record);
          }
          for (const record of reader.end()) cellsOf(record);
        });
      };
      expect(work(4000)).toBeLessThan(work(1000) * 5);
    }
  });
});
