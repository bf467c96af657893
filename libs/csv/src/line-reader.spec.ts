import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineReader, START } from './line-reader.ts';
import { bytesOf, places, read } from './testing/pieces.fixture.ts';

const linesOf = (text: string, longest = 1000) => read(new LineReader(longest), bytesOf(text));

describe('LineReader', () => {
  it.each([
    ['line breaks of either kind, and none at the end', 'a\r\n1\n3', ['a', '1', '3']],
    ['empty lines', '\n\r\na\n\n', ['', '', 'a', '']],
    ['a carriage return within a line', 'a\rb\n', ['a\rb']],
    ['a byte order mark, which is no text', '\uFEFFa\n\uFEFFb', ['a', '\uFEFFb']],
    ['nothing', '', []],
  ])('reads %s', (_what, text, lines) => {
    expect(linesOf(text).map((line) => line.text)).toEqual(lines);
  });

  it('says where each line begins, in bytes', () => {
    const text = '\uFEFFé\r\n\n🍷\nz';
    const lines = linesOf(text);
    expect(lines.map(({ offset, line }) => [offset, line])).toEqual([
      [0, 1],
      [7, 2],
      [8, 3],
      [13, 4],
    ]);
    const reader = new LineReader(1000);
    reader.push(bytesOf(text));
    expect(reader.place).toEqual({ offset: 13, line: 4 });
    reader.end();
    expect(reader.place).toEqual({ offset: 14, line: 5 });
  });

  it.each([
    ['PAR1\u0015\u0004"\nx', 'Parquet'],
    ['PK\u0003\u0004\u0014\nx', 'workbook'],
    ['PAR1,PK\nx', undefined],
    ['\nPK\u0003\u0004', undefined],
  ])('knows other formats by their first bytes: %j', (text, fault) => {
    expect(linesOf(text)[0]).toMatchObject({ fault, text: fault === undefined ? text.split('\n')[0] : '' });
  });

  it('marks the lines that are not UTF-8, and no other', () => {
    const bytes = Uint8Array.from([...bytesOf('é\na'), 0xff, ...bytesOf('\n\uFFFD\n'), 0xc3]);
    expect(read(new LineReader(1000), bytes).map(({ text, fault }) => [text, fault])).toEqual([
      ['é', undefined],
      ['a\uFFFD', 'not UTF-8'],
      ['\uFFFD', undefined],
      ['\uFFFD', 'not UTF-8'],
    ]);
  });

  it('keeps nothing of a line that is too long, and goes on behind it', () => {
    const reader = new LineReader(10);
    const lines = [...reader.push(bytesOf(`a\n${'x'.repeat(50)}`)), ...reader.push(bytesOf('xx\nb'))];
    expect([...lines, ...reader.end()].map(({ text, fault, offset }) => [text, fault, offset])).toEqual([
      ['a', undefined, 0],
      ['', 'too long', 2],
      ['b', undefined, 55],
    ]);
    expect(linesOf('é'.repeat(10), 10)[0]!.fault).toBeUndefined();
    expect(linesOf('é'.repeat(11), 10)[0]!.fault).toBe('too long');
  });

  it('gives the same lines wherever the pieces end', () => {
    const part = fc.constantFrom('a', 'bcdefgh', '"', '\n', '\r\n', '\r', 'é', '漢', '🍷', '\uFEFF');
    const bytes = fc
      .array(fc.oneof({ weight: 9, arbitrary: part.map(bytesOf) }, fc.uint8Array({ maxLength: 2 })), { maxLength: 40 })
      .map((parts) => Uint8Array.from(parts.flatMap((one) => [...one])));
    fc.assert(
      fc.property(bytes, places, fc.constantFrom(4, 1000), (text, cuts, longest) => {
        const whole = read(new LineReader(longest), text);
        expect(read(new LineReader(longest), text, cuts)).toEqual(whole);
        // From any line on, another reader reads what is left.
        for (const [at, { offset, line }] of whole.entries())
          if (offset > START.offset)
            expect(read(new LineReader(longest, { offset, line }), text.subarray(offset))).toEqual(whole.slice(at));
      }),
    );
  });
});
