import { describe, expect, it } from '@jest/globals';
import { formatCount, formatPercent, formatQuantity, formatSeconds } from './number.ts';

describe('formatQuantity', () => {
  it.each([
    [26.6312, '$1000', '$26,630'],
    [26.6312, '$1,000', '$26,630'],
    [-0.5, '€', '-€0.50'],
    [3.14159, 'm', '3.142 m'],
    [12, undefined, '12'],
    [7, '$ per $10,000', '7 $ per $10,000'],
  ])('says %p in %p as %p', (value, unit, words) => {
    expect(formatQuantity(value, unit)).toBe(words);
  });
});

it('does not round a probability to certainty', () => {
  expect([0, 0.0004, 0.0005, 0.123, 0.9994, 0.9996, 1].map(formatPercent)).toEqual([
    '0%',
    '<0.1%',
    '0.1%',
    '12.3%',
    '99.9%',
    '>99.9%',
    '100%',
  ]);
});

it('says times and counts in few digits', () => {
  expect([0.00042, 0.01234, 1.4321].map(formatSeconds)).toEqual(['420 µs', '12.3 ms', '1.43 s']);
  expect([999, 9999, 1_234_567].map(formatCount)).toEqual(['999', '9,999', '1.23M']);
});
