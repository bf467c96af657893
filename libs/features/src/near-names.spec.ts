import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NearNames } from './near-names.ts';

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
    expect(new NearNames(['id', name, 'other']).nearest(given)).toBe(name);
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
    expect(new NearNames([name]).nearest(given)).toBeUndefined();
  });

  it('prefers fewer edits', () => {
    const names = new NearNames(['temperaturexx', 'temperaturex', 'temperaturey', 'Temperature']);
    expect(names.nearest('temperature')).toBe('Temperature');
    expect(names.nearest('temperaturexxz')).toBe('temperaturexx');
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
          expect(new NearNames([name]).nearest(given)).toBe(name);
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
    for (let at = 0; at < 100; at += 1) near.nearest(`${'c'.repeat(10)}-measured`);
    expect(near.nearest('BAB_measuredx')).toBeUndefined();
    expect(near.nearest('BAB_measured')).toBe('bab-measured');
  });
});
