import { expect, test } from '@jest/globals';
import { readList } from './literal.ts';

test.each<[string, readonly (string | number)[]]>([
  [`{0: 'person', 1: "driver's seat", 2: 'tv'}`, ['person', "driver's seat", 'tv']],
  ['{"1": "b", "0": "a"}', ['a', 'b']],
  [`['a', 'b, c', "d"]`, ['a', 'b, c', 'd']],
  [' [640, 480] ', [640, 480]],
  ['(640,)', [640]],
  ['[-1]', [-1]],
  [String.raw`['it\'s', "\"no\"", '\u00e4\xdf\U0001F600\n\\']`, ["it's", '"no"', 'äß😀\n\\']],
  ['[]', []],
])('%s is a list', (text, list) => {
  expect(readList(text)).toEqual(list);
});

test.each([
  '',
  'a b',
  '640',
  '[',
  '[1}',
  '[1, [2]]',
  '[1.5]',
  '[1 2]',
  '[1,, 2]',
  "['a]",
  '[None]',
  "{0: 'a', 2: 'b'}",
  "{0: 'a', 1}",
  "{0: ['a']}",
])('%s is none', (text) => {
  expect(readList(text)).toBeUndefined();
});
