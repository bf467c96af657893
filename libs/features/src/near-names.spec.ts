import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Comparisons, NearNames } from './near-names.ts';

const nearest = (given: string, names: readonly string[], present: readonly string[] = []) =>
  new NearNames(names).nearest(given, new Set(present), new Comparisons());

describe('NearNames', () => {
  it.each([
    ['worst perimeter', 'worst_perimeter'],
    ['worst perimeter', 'Worst-Perimeter'],
    ['worst perimeter', ' worst.perimeter '],
    ['RM', 'rm'],
    ['worst perimeter', 'worst perimter'],
    ['worst perimeter', 'worst_perrimeterr'],
    ['worst perimeter', 'owrst preimeter'],
    ['tenure', 'tenrue'],
    ['tenure', 'tenures'],
    ['area', 'aera'],
    ['petal length (cm)', 'petal_length_cm'],
    ['lag_1', 'lagg_1'],
  ])('takes %j to be meant by %j', (name, given) => {
    expect(nearest(given, ['id', name, 'other'])).toBe(name);
  });

  it.each([
    ['tenure', 'ntenrue'],
    ['RM', 'RN'],
    ['age', 'agee'],
    ['worst perimeter', 'worst diameter x'],
    ['lag_1', 'lag_2'],
    ['lag_1', 'lag_11'],
    ['_', '.'],
    ['a', ''],
  ])('does not take %j to be meant by %j', (name, given) => {
    expect(nearest(given, [name])).toBeUndefined();
  });

  it('prefers fewer edits', () => {
    const names = ['temperaturexx', 'temperaturex', 'temperaturey', 'Temperature'];
    expect(nearest('temperature', names)).toBe('Temperature');
    expect(nearest('temperaturexxz', names)).toBe('temperaturexx');
  });

  it('finds no name that is there itself', () => {
    expect(nearest('tenrue', ['tenure', 'tenrues'], ['tenure'])).toBe('tenrues');
    expect(nearest('a_b', ['a.b', 'ab'], ['a.b'])).toBe('ab');
  });

  it('finds every name with one edit, and every long name with two', () => {
    const letter = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
    const edit = fc.record({ kind: fc.constantFrom('insert', 'delete', 'replace'), at: fc.nat(30), letter });
    fc.assert(
      fc.property(
        fc.string({ unit: letter, minLength: 5, maxLength: 20 }),
        fc.array(edit, { minLength: 1, maxLength: 2 }),
        (name, edits) => {
          const given = edits.slice(0, name.length < 9 ? 1 : 2).reduce((text, { kind, at: where, letter: with_ }) => {
            const at = where % text.length;
            const rest = text.slice(kind === 'insert' ? at : at + 1);
            return text.slice(0, at) + (kind === 'delete' ? '' : with_) + rest;
          }, name);
          expect(nearest(given, [name])).toBe(name);
        },
      ),
    );
  });

  it('compares no more pairs of names than a header may cost', () => {
    const names = Array.from(
      { length: 16_384 },
      (_, at) => `${at.toString(2).replaceAll('0', 'a').replaceAll('1', 'b')}-measured`,
    );
    const near = new NearNames(names);
    const comparisons = new Comparisons();
    const find = (given: string) => near.nearest(given, new Set(), comparisons);
    for (let at = 0; at < 100; at += 1) find(`${'c'.repeat(10)}-measured`);
    expect(find('BAB_measuredx')).toBeUndefined();
    expect(find('BAB_measured')).toBe('bab-measured');
  });
});
