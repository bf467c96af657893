import { expect, it } from '@jest/globals';
import { Comparison } from './comparison.ts';

function verdictOf(isQuantity: boolean, pairs: [string, string][]) {
  const comparison = new Comparison(isQuantity);
  for (const [actual, predicted] of pairs) comparison.add(actual, predicted);
  return comparison.verdict();
}

it('gives the errors of numbers, over the rows whose actual value is known', () => {
  expect(
    verdictOf(true, [
      ['1', '2'],
      ['', '9'],
      ['5', '2'],
    ]),
  ).toEqual({ kind: 'numbers', rows: 2, meanError: 2, rootError: Math.sqrt(5) });
});

it('counts labels, also those that are numbers in another spelling', () => {
  const verdict = verdictOf(false, [
    ['1.0', '1'],
    ['10', '2'],
    ['2', '2'],
  ]);
  if (verdict?.kind !== 'labels') throw new Error('These are labels.');
  const { rows, right, labels, count } = verdict;
  expect({ rows, right, labels }).toEqual({ rows: 3, right: 2, labels: ['1', '2', '10'] });
  expect([count('10', '2'), count('2', '2'), count('1', '1'), count('2', '10')]).toEqual([1, 1, 1, 0]);
});

it('compares as labels what a file has beside numbers', () => {
  expect(verdictOf(true, [['red', '1']])).toMatchObject({ kind: 'labels', rows: 1, right: 0 });
});

it('says nothing where nothing is known, and keeps few labels', () => {
  expect(verdictOf(false, [['', 'a']])).toBeUndefined();
  const verdict = verdictOf(
    false,
    Array.from({ length: 50 }, (_, at) => [`${at}`, `${at}`]),
  );
  if (verdict?.kind !== 'labels') throw new Error('These are labels.');
  expect([verdict.labels.length, verdict.count('other', 'other'), verdict.right]).toEqual([21, 30, 50]);
});
