import { stripVTControlCharacters } from 'node:util';
import { expect, it } from '@jest/globals';
import { lineOf } from './progress-bar.ts';

const TEXT = '50 %  1000 rows  300 rows/s  3 s left';

it.each([
  [120, 24],
  [56, 17],
  [40, 0],
  [20, 0],
])('a line of a terminal of %d columns has a bar of %d', (columns, bar) => {
  const line = stripVTControlCharacters(lineOf(0.5, TEXT, columns));
  expect(line.length).toBeLessThan(columns);
  expect(line.match(/[█░]/g) ?? []).toHaveLength(bar);
  expect(line.replace(/^[█░]+ /, '')).toBe(TEXT.slice(0, columns - 1));
});
