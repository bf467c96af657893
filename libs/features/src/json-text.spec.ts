import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { itemsOf, membersOf, startOf } from './json-text.ts';

/** What a walk over a text finds, built up again with the order of members. */
function walked(text: string, at: number): unknown {
  if (text[at] === '{') return [...membersOf(text, at)].map((member) => [member.name, walked(text, member.at)]);
  if (text[at] === '[') return [...itemsOf(text, at)].map((item) => walked(text, item));
  return JSON.parse(/^("(\\.|[^"])*"|[^\s,\]}]+)/.exec(text.slice(at))![0]);
}

/** The same of a parsed value whose keys are no whole numbers. */
function entriesIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(entriesIn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([name, member]) => [name, entriesIn(member)]);
}

describe('a walk over JSON text', () => {
  it('has members in the order of the text, repeated ones too', () => {
    const text = ' {"10": 1, "b": {"2": [], "1": {}}, "10":"\\"}"}';
    expect(walked(text, startOf(text))).toEqual([
      ['10', 1],
      [
        'b',
        [
          ['2', []],
          ['1', []],
        ],
      ],
      ['10', '"}'],
    ]);
  });

  it('finds all values, whatever they are and however the text is laid out', () => {
    const name = fc.string({ unit: 'binary' }).map((text) => `n${text}`);
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 0 }),
        fc.array(tie('value')),
        fc.dictionary(name, tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (json, space) => {
        const text = JSON.stringify(json, undefined, space);
        expect(walked(text, startOf(text))).toEqual(entriesIn(JSON.parse(text)));
      }),
    );
  });
});
