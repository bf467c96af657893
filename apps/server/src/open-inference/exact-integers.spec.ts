import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseWithLongIntegersAsStrings } from './exact-integers.ts';

describe('parseWithLongIntegersAsStrings', () => {
  it.each([
    ['9007199254740993', '9007199254740993'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['[18446744073709551615,1]', ['18446744073709551615', 1]],
    ['999999999999999', 999_999_999_999_999],
    ['0.12345678901234567', Number('0.12345678901234567')],
    ['12345678901234567.5', Number('12345678901234567.5')],
    ['12345678901234567e3', Number('12345678901234567e3')],
    ['1e-0000000000000000020', 1e-20],
    ['"1234567890123456789"', '1234567890123456789'],
    [
      String.raw`["\"1234567890123456789","\\",1234567890123456789]`,
      ['"1234567890123456789', '\\', '1234567890123456789'],
    ],
    ['{"1234567890123456789":{"a":[1234567890123456789]}}', { '1234567890123456789': { a: ['1234567890123456789'] } }],
  ])('%s', (text, expected) => {
    expect(parseWithLongIntegersAsStrings(text)).toEqual(expected);
  });

  it('changes nothing else of any JSON', () => {
    const short = fc.jsonValue().filter((value) => !/\d{16}/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(short, (value) => {
        const text = JSON.stringify(value);
        expect(parseWithLongIntegersAsStrings(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps every digit of every integer, between any strings', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }))), (pairs) => {
        const text = `[${pairs.map(([key, integer]) => `{${JSON.stringify(key)}:${integer}}`).join(',')}]`;
        const parsed = parseWithLongIntegersAsStrings(text) as object[];
        expect(parsed.flatMap((entry) => Object.values(entry).map((value) => BigInt(value)))).toEqual(
          pairs.map(([, integer]) => integer),
        );
      }),
    );
  });

  it('takes time in proportion to texts made against it', () => {
    const hostile = [`[${'1'.repeat(500_000)}.5]`, `["${'\\\\'.repeat(250_000)}",1]`, `[${'"\\"",'.repeat(100_000)}0]`];
    for (const text of hostile) expect(parseWithLongIntegersAsStrings(text)).toEqual(JSON.parse(text));
  });
});
