import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exactJson, parseExact } from './exact-json.ts';

const { value } = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).filter((one) => !Number.isSafeInteger(Number(one))),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.bigInt({ min: 10n ** 15n }).map(String),
    fc.boolean(),
    fc.constant(null),
  ),
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

/** JSON has no -0. */
const withoutSigns = (text: string): unknown => JSON.parse(text, (_key, one: unknown) => (one === 0 ? 0 : one));

describe('exact JSON', () => {
  it('keeps every digit of whole numbers of 64 bits, and all else as JSON.parse has it', () => {
    fc.assert(
      fc.property(value, (one) => {
        const text = exactJson(one);
        expect(exactJson(parseExact(text))).toBe(text);
        const rounded = JSON.parse(text) as unknown;
        const lossy = JSON.stringify(parseExact(text), (_key, part: unknown) =>
          typeof part === 'bigint' ? Number(part) : part,
        );
        expect(withoutSigns(lossy)).toEqual(withoutSigns(JSON.stringify(rounded)));
      }),
    );
  });

  it('leaves numbers that are too long for 64 bits to doubles', () => {
    expect(parseExact(`[${'9'.repeat(21)}, 9007199254740993]`)).toEqual([1e21, 9007199254740993n]);
  });
});
