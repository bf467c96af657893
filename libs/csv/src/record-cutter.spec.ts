import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecordCutter, TOO_LONG } from './record-cutter.ts';

/** The records of a text that comes in pieces cut at these places. */
function cut(text: string, places: readonly number[] = [], longest = 1000): unknown[] {
  const cutter = new RecordCutter(longest);
  const bounds = [0, ...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length];
  const records = bounds.slice(1).flatMap((to, at) => cutter.push(text.slice(bounds[at], to)));
  return [...records, ...cutter.end()];
}

describe('RecordCutter', () => {
  it.each([
    ['line breaks of either kind, and none at the end', 'a,b\r\n1,2\n3,4', ['a,b', '1,2', '3,4']],
    ['empty lines, which are empty records', '\n\r\na\n\nb\n', ['', '', 'a', '', 'b']],
    ['line breaks between quotes', 'a\n"1\n2",3\n4', ['a', '"1\n2",3', '4']],
    ['quotes within quotes', '"a ""b""\nc"\nd', ['"a ""b""\nc"', 'd']],
    ['quotes within a cell, which open nothing', 'a,12" x\nb"",c\n', ['a,12" x', 'b"",c']],
    ['quotes that never close', 'a\n"b,\nc\n', ['a', '"b,', 'c']],
    ['nothing', '', []],
  ])('cuts at line breaks: %s', (_what, text, records) => {
    expect(cut(text)).toEqual(records);
  });

  it('takes quotes for text where they mean nothing', () => {
    const cutter = new RecordCutter(1000, false);
    expect([...cutter.push('{"a": "\n"}\n{"b'), cutter.rest, ...cutter.end()]).toEqual(['{"a": "', '"}', '{"b', '{"b']);
  });

  it('gives the same records however the text comes in pieces', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', 'é'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 8 }), (csv, places) => {
        expect(cut(csv, places)).toEqual(cut(csv));
      }),
    );
  });

  it('keeps nothing of a record that is too long, and goes on behind it', () => {
    const long = `a\n${'x'.repeat(50)}\nb\n"${'y'.repeat(50)}\nc\n`;
    for (const places of [[], [10, 20, 30, 40], [53, 54]]) {
      expect(cut(long, places, 20)).toEqual(['a', TOO_LONG, 'b', TOO_LONG, 'c']);
    }
  });
});
