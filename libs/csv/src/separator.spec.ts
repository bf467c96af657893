import { expect, it } from '@jest/globals';
import { separatorOf } from './separator.ts';

it.each([
  ['a,b;c,d', ','],
  ['a;b;c,d', ','],
  ['a;b;c', ';'],
  ['"a, in cm";b', ';'],
  ['a\tb', '\t'],
  ['a;b\tc\td', '\t'],
  ['a|b', '|'],
  ['"a;b;c",d', ','],
  ['"a;b"', ','],
  ['"a\nb";c', ';'],
  ['a', ','],
  ['', ','],
])('%j has columns separated by %j', (header, separator) => {
  expect(separatorOf(header)).toBe(separator);
});
