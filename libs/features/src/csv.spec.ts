import { describe, expect, it } from '@jest/globals';
import { parseCsv } from './csv.ts';

const table = (csv: string | Uint8Array, maxRows = 10) => parseCsv(Buffer.from(csv), maxRows);

describe('parseCsv', () => {
  it('reads a byte order mark, CRLF, quotes, quoted line breaks and empty lines', () => {
    expect(table('\uFEFFa,"b ""x"""\r\n1,"two\nlines"\r\n\r\n3,\r\n')).toEqual({
      header: ['a', 'b "x"'],
      rows: [
        ['1', 'two\nlines'],
        ['3', ''],
      ],
    });
  });

  it('stops one row beyond the limit, and looks no further', () => {
    expect(table('a\n1\n2\n3\n4\n"\n', 2).rows).toEqual([['1'], ['2'], ['3']]);
  });

  it.each([
    ['quotes that do not close', 'a,b\n1,2\n\n1,"2\n', 'line 4 has wrong quotes'],
    ['quotes within a cell', 'a,b\n1,2"\n', 'line 2 has wrong quotes'],
    ['what is not UTF-8', Uint8Array.of(0x61, 0x0a, 0xff), 'line 2 is not valid UTF-8'],
  ])('refuses %s', (_what, csv, message) => {
    expect(() => table(csv)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_BODY', message: expect.stringContaining(message) }),
    );
  });

  it('refuses an empty text', () => {
    expect(() => table('\r\n')).toThrow(expect.objectContaining({ code: 'NO_ROWS' }));
  });
});
