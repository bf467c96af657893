import { describe, expect, it } from '@jest/globals';
import { labelsOf } from './labels.ts';

describe('the labels of a config.json', () => {
  it('stand in the order of their numbers, not of the file', () => {
    const id2label = Object.fromEntries(Array.from({ length: 12 }, (_, id) => [String(11 - id), `l${11 - id}`]));
    expect(labelsOf({ id2label })).toEqual(Array.from({ length: 12 }, (_, id) => `l${id}`));
  });

  it('are numbered where only their number is said', () => {
    expect(labelsOf({ num_labels: 2 })).toEqual(['LABEL_0', 'LABEL_1']);
    expect(labelsOf({})).toBeUndefined();
  });

  it.each([{ '1': 'a', '2': 'b' }, { '0': 'a', '2': 'b' }, { '0': 1 }, { a: 'b' }])('are refused: %j', (id2label) => {
    expect(() => labelsOf({ id2label })).toThrow('"id2label" of config.json does not name the labels 0, 1, 2, …');
  });
});
