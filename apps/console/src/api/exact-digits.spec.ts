import { expect, it } from '@jest/globals';
import { parseWithDigits } from './exact-digits.ts';

it('whole numbers that no double holds keep their digits, as text', () => {
  expect(parseWithDigits('{"prediction":[9007199254740993,-9223372036854775808,9007199254740991,1e300,0.5]}')).toEqual({
    prediction: ['9007199254740993', '-9223372036854775808', 9007199254740991, 1e300, 0.5],
  });
});
