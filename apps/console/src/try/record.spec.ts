import { describe, expect, it } from '@jest/globals';
import type { Feature } from '../api/models.ts';
import { firstValues, recordJson, recordMembers, valuesOf } from './record.ts';

const feature = (name: string, type: Feature['type'], shape: number[] = []): Feature => ({ name, type, shape });
const FEATURES = [
  feature('n', 'number'),
  feature('i', 'integer'),
  feature('b', 'boolean'),
  feature('s', 'string'),
  feature('t', 'number', [2, -1]),
];
const json = (values: Record<string, string>): string => recordJson(recordMembers(FEATURES, values));

describe('a record made of fields', () => {
  it('has each value in the type of its feature', () => {
    expect(JSON.parse(json({ n: ' 6.5 ', i: '3', b: 'true', s: '12', t: '[[1],[2]]' }))).toEqual({
      n: 6.5,
      i: 3,
      b: true,
      s: '12',
      t: [[1], [2]],
    });
  });

  it('keeps the digits that were typed', () => {
    expect(json({ i: '9223372036854775807' })).toBe('{"i": 9223372036854775807}');
  });

  it('leaves judging to the server: what is no number goes as text, what is empty is left out', () => {
    expect(JSON.parse(json({ n: '6,5', i: '0x10', b: 'yes', s: '', t: '[1' }))).toEqual({
      n: '6,5',
      i: '0x10',
      b: 'yes',
      t: '[1',
    });
  });

  it('starts as the first example, else as the examples of its features, else as a tensor of zeros', () => {
    expect(valuesOf(FEATURES, { n: 1, s: 'a', t: [[1], [2]] })).toEqual({
      n: '1',
      i: '',
      b: '',
      s: 'a',
      t: '[[1],[2]]',
    });
    expect(firstValues(FEATURES)).toMatchObject({ n: '', t: '[[0],[0]]' });
    expect(firstValues([{ ...FEATURES[0]!, example: 7 }])).toEqual({ n: '7' });
    expect(firstValues([feature('x', 'number', [3, 224, 224])])).toEqual({ x: '' });
    const defaults = [1, [5, 6]].map((value, at) => ({ ...feature(`d${at}`, 'number', [2]), default: value }));
    for (const values of [firstValues(defaults), valuesOf(defaults, {})])
      expect(values).toEqual({ d0: '', d1: '[5,6]' });
  });
});
