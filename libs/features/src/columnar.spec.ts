import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { house, input, problems, readerOf, thrownBy } from './testing/readers.fixture.ts';

describe('readInputs', () => {
  it('reads columns of features in any order', () => {
    const rows = house.readInputs({ CHAS: [0, 1], RM: [6.5, 7], TAX: [296, 300] });
    expect(rows.count).toBe(2);
    expect(rows.inputs.x!.data).toEqual(new Float32Array([6.5, 296, 0, 7, 300, 1]));
  });

  it('reads a column of lists of one, as arrays of shape [rows, 1] are written', () => {
    const rows = house.readInputs({ CHAS: [[0], [1]], RM: [[6.5], [7]], TAX: [[296], [300]] });
    expect(rows.inputs).toEqual(house.readInputs({ CHAS: [0, 1], RM: [6.5, 7], TAX: [296, 300] }).inputs);
  });

  it("takes an input's name for all features that feed it", () => {
    const list = [
      [6.5, 296, 0],
      [7, 300, 1],
    ];
    expect(house.readInputs({ x: list }).inputs).toEqual(house.readLists(list).inputs);
  });

  it('takes rows as one list', () => {
    expect(house.readInputs([[6.5, 296, 0]]).inputs).toEqual(house.readLists([[6.5, 296, 0]]).inputs);
  });

  it('takes each input whole where there are no rows', () => {
    const scaled = readerOf(undefined, [input('x', 'FP32', [-1]), input('factor', 'FP32', [])]);
    const rows = scaled.readInputs({ x: [1, 2, 3], factor: 2 });
    expect(rows.count).toBe(1);
    expect(rows.inputs.x).toEqual({ datatype: 'FP32', shape: [3], data: new Float32Array([1, 2, 3]) });
    const matrix = readerOf(undefined, [input('x', 'FP32', [2, 2])]);
    const tensor = [
      [1, 2],
      [3, 4],
    ];
    expect(matrix.readInputs(tensor).inputs).toEqual(matrix.readInputs({ x: tensor }).inputs);
  });

  it.each<[unknown, string]>([
    [{ RM: 6.5, TAX: [1], CHAS: [0] }, 'RM is 6.5; as a column it is a list with an item for each row'],
    [{ RM: [6.5, 7], TAX: [1], CHAS: [0] }, 'TAX has 1 row, where RM has 2 rows'],
    [{ RM: [6.5], TAX: [1] }, 'CHAS is missing'],
    [{ RM: [6.5], TAX: [1], CHAS: [0], tax: [1] }, 'tax is not a feature of this model; did you mean TAX?'],
    [{ x: [[6.5, 296, 0], [7]] }, 'row 1: x has 1 values; a list of 3 values is expected'],
    [{ x: [7] }, 'row 0: x is 7; a list of 3 values is expected'],
    [{ x: [[6.5, 296, 0]], RM: [6.5] }, 'RM is the name of two columns'],
    [{ RM: [[6.5, 7]], TAX: [1], CHAS: [0] }, 'row 0: RM is a list; a number is expected'],
  ])('refuses %j', (inputs, detail) => {
    expect(problems(() => house.readInputs(inputs))).toEqual([detail]);
  });

  it('refuses what is neither columns nor rows, no rows and too many', () => {
    expect(thrownBy(() => house.readInputs('RM')).code).toBe('INVALID_REQUEST');
    expect(thrownBy(() => house.readInputs({})).code).toBe('NO_ROWS');
    expect(thrownBy(() => house.readInputs({ RM: [], TAX: [], CHAS: [] })).code).toBe('NO_ROWS');
    const eleven = new Array(11).fill(1);
    expect(thrownBy(() => house.readInputs({ RM: eleven, TAX: eleven, CHAS: eleven })).code).toBe('TOO_MANY_ROWS');
  });

  it('reads the same from columns as from records', () => {
    const record = fc.record({
      RM: fc.float({ noNaN: true, noDefaultInfinity: true }),
      TAX: fc.nat(999),
      CHAS: fc.nat(1),
    });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 10 }), (records) => {
        const columns = Object.fromEntries(
          (['TAX', 'RM', 'CHAS'] as const).map((name) => [name, records.map((one) => one[name])]),
        );
        expect(house.readInputs(columns)).toEqual({ ...house.readRecords(records), asSent: true });
      }),
    );
  });
});
