import { describe, expect, it } from '@jest/globals';
import { ColumnSummary } from './column.ts';

const columnOf = (...cells: string[]) => {
  const column = new ColumnSummary('x');
  for (const cell of cells) column.add(cell);
  return column;
};

describe('a column of data', () => {
  it('tells numbers by their range, and where some are missing', () => {
    expect(columnOf('3', '-1.5e1', '', '.5').describe('number')).toEqual({ seen: [-15, 3], missing: true, example: 3 });
    expect(columnOf('3', '7').describe('integer')).toEqual({ seen: [3, 7], example: 3 });
  });

  it('takes NaN and NA for missing numbers, and for text beside text', () => {
    const numbers = columnOf('3', 'NaN', 'nan', 'NA', '4');
    expect(numbers.isNumeric).toBe(true);
    expect(numbers.values).toEqual([3, 4]);
    expect(numbers.describe('number')).toEqual({ seen: [3, 4], missing: true, example: 3 });
    const countries = columnOf('NA', 'DE');
    expect(countries.describe('string')).toEqual({ seenCategories: ['DE', 'NA'], example: 'DE' });
  });

  it('tells of cells that are not numbers where a feature takes numbers', () => {
    const column = columnOf('3', 'N/A', '#N/A', '-', 'NA', '');
    const told = 'x has 3 cells that are not numbers, such as "N/A". Missing values are empty cells, NaN or NA.';
    expect([column.flawFor('number'), column.flawFor('integer'), column.flawFor('string')]).toEqual([
      told,
      told,
      undefined,
    ]);
    expect(columnOf('3', 'NULL').flawFor('number')).toContain('x has 1 cell that is not a number: "NULL".');
    expect(columnOf('3', 'NA', '').flawFor('number')).toBeUndefined();
  });

  it('refuses numbers with commas, which may be words of a column of text', () => {
    expect(() => columnOf('3', '5,1').describe('number')).toThrow('The column x holds "5,1": write its numbers with a');
    expect(columnOf('3', '5,1').describe('string').seenCategories).toEqual(['3', '5,1']);
  });

  it('says nothing of numbers that are text', () => {
    expect(columnOf('n/a', '3').describe('number')).toEqual({});
  });

  it('tells text by its values, as long as they are few', () => {
    expect(columnOf('red', 'blue', 'red').describe('string')).toEqual({
      seenCategories: ['blue', 'red'],
      example: 'red',
    });
    const many = columnOf(...Array.from({ length: 51 }, (_, at) => `id-${at}`));
    expect(many.describe('string')).toEqual({ example: 'id-0' });
    expect(many.values).toBeUndefined();
  });

  it('knows true and false as they are written', () => {
    expect(columnOf('True', 'false').describe('boolean')).toEqual({ example: true });
  });

  it('sorts the values of a target as scikit-learn sorts its classes', () => {
    expect(columnOf('10', '9', '10', '1').values).toEqual([1, 9, 10]);
    expect(columnOf('b', 'a').values).toEqual(['a', 'b']);
  });
});
