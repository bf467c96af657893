import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cellsOf, recordOf } from './cells.ts';
import { type Encoding, encodingOf } from './encoding.ts';
import { RecordReader } from './record-reader.ts';
import { encoded, FORMS } from './testing/encoded.fixture.ts';
import { Transcoder } from './transcoder.ts';
import { piecesOf, places } from './testing/pieces.fixture.ts';

interface Table {
  readonly separator: string;
  readonly rows: readonly (readonly string[])[];
}

function tableOf(bytes: Uint8Array, cuts: readonly number[], encoding?: Encoding): Table {
  const transcoder = new Transcoder(encoding);
  const reader = new RecordReader({ longest: 1000 });
  const records = piecesOf(bytes, cuts).flatMap((piece) => reader.push(transcoder.push(piece)));
  records.push(...reader.push(transcoder.end()), ...reader.end());
  const { separator } = reader;
  return { separator, rows: records.map((record) => (record.fault ? [record.fault] : cellsOf(record, separator))) };
}

const part = fc.constantFrom(
  'a',
  ',',
  ';',
  '\t',
  '|',
  '"',
  '\n',
  '\r\n',
  'é',
  '\u{1F377}',
  '\uFEFF',
  '\u0A0D',
  '\uFFFD',
);
const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
// A header whose names need no quotes is what tells the separator.
const table = fc.array(fc.tuple(text, text, text), { maxLength: 5 });
const separators = fc.constantFrom(',', ';', '\t', '|');

describe('a table in any separator and encoding', () => {
  it.each(FORMS)('is read alike: %s', (form) => {
    fc.assert(
      fc.property(table, separators, places, (rows, separator, cuts) => {
        const all = [['x', 'Größe', 'z'], ...rows];
        const csv = all.map((cells) => `${recordOf(cells, separator)}\n`).join('');
        expect(tableOf(encoded(csv, form), cuts)).toEqual({ separator, rows: all });
      }),
    );
  });

  it('has its separator told by a header of many lines, past empty lines', () => {
    const csv = '\n\r\n"a\n, in cm";"b;\n\n;"\n1;2,5\n';
    expect(tableOf(encoded(csv, 'utf-8'), [3, 7])).toEqual({
      separator: ';',
      rows: [
        ['a\n, in cm', 'b;\n\n;'],
        ['1', '2,5'],
      ],
    });
  });

  it('loses no line behind a header whose quotes do not close', () => {
    const { rows } = tableOf(encoded(`"a;b\n${'1;2\n'.repeat(2000)}`, 'utf-8'), []);
    expect(rows).toHaveLength(2001);
    expect(rows[0]).toEqual(['wrong quotes']);
  });
});

describe('UTF-16', () => {
  it.each([
    ['half a pair', 'a\n\uD83C\nb\n', [['a'], ['not UTF-8'], ['b']]],
    ['half a pair at the end', 'a\nb\uD83C', [['a'], ['not UTF-8']]],
  ])('with %s costs its own line and no other', (_what, csv, rows) => {
    for (const cuts of [[], [5], [3, 8]]) expect(tableOf(encoded(csv, 'utf-16le'), cuts).rows).toEqual(rows);
  });

  it('that ends within a character is not whole', () => {
    expect(tableOf(encoded('a\nbc', 'utf-16be').subarray(0, -1), []).rows).toEqual([['a'], ['not UTF-8']]);
  });

  it('is read without a mark where its name is given, and a mark outweighs a name', () => {
    const bare = encoded('a;b\n1;2\n', 'utf-16be').subarray(2);
    expect(tableOf(bare, [1], 'utf-16be').rows).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    expect(tableOf(encoded('a;b\n', 'utf-16be'), [1], encodingOf('UTF-16')).rows).toEqual([['a', 'b']]);
    expect(tableOf(encoded('a;b\n', 'utf-16le'), [], encodingOf('utf-8')).rows).toEqual([['a', 'b']]);
  });

  it.each(['latin1', 'windows-1252', 'utf-32', 'constructor', ''])('is not what the charset %j names', (charset) => {
    expect(encodingOf(charset)).toBeUndefined();
  });
});
