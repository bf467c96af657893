import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parseCsv } from './csv.ts';

describe('parseCsv', () => {
  it('reads a byte order mark, CRLF, quotes, quoted line breaks and empty lines', () => {
    expect(parseCsv('\uFEFFa,"b ""x"""\r\n1,"two\nlines"\r\n\r\n3,\r\n', 10)).toEqual({
      header: ['a', 'b "x"'],
      rows: [
        ['1', 'two\nlines'],
        ['3', ''],
      ],
    });
  });

  it('cuts a text without quotes as the parser does', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '1', ',', ' ', '.', 'é') });
    const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n'))).map((lines) => lines.flat().join(''));
    fc.assert(
      fc.property(text, fc.boolean(), (body, terminated) => {
        const csv = `h,i\n${terminated ? body : body.trimEnd()}`;
        const [header, ...rows] = parse(csv, {
          relax_column_count: true,
          skip_empty_lines: true,
          record_delimiter: ['\r\n', '\n'],
        });
        expect(parseCsv(csv, 1000)).toEqual({ header, rows });
      }),
    );
  });

  it.each(['a\n1\n2\n3\n4\n', '"a"\n1\n2\n3\n4\n'])('stops one row beyond the limit: %j', (csv) => {
    expect(parseCsv(csv, 2).rows).toHaveLength(3);
  });

  it('refuses quotes that do not close', () => {
    expect(() => parseCsv('a,b\n1,"2\n', 10)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_BODY', message: expect.stringMatching(/line/) }),
    );
  });

  it('refuses an empty text', () => {
    expect(() => parseCsv('\r\n', 10)).toThrow(expect.objectContaining({ code: 'NO_ROWS' }));
  });
});
