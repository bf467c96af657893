import { expect, it } from '@jest/globals';
import { separatorOf } from './separator.ts';

it.each([
  ['a,b;c,d\n1;2;3;4', ','],
  ['a;b;c\n1,5;2,5;3', ';'],
  ['a\tb\n', '\t'],
  ['a|b', '|'],
  ['"a;b;c",d', ','],
  ['a', ','],
  ['', ','],
])('%j has columns separated by %j', (text, separator) => {
  expect(separatorOf(text)).toBe(separator);
});
