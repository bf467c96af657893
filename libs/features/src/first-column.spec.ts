import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstColumn } from './first-column.ts';

describe('the first column of a table', () => {
  it.each([
    ['{"RM":{"10":1,"2":2,"1":3},"TAX":{"1":1}}', ['10', '2', '1']],
    [' { "RM" : { "b" : 1 , "2" : "}" , "a" : null } }', ['b', '2', 'a']],
    ['{"a{\\"b":{"\\u0031":[["x"],{"7":1}],"\\\\":{"9":"\\\\"},"":true}}', ['1', '\\', '']],
    ['{"RM":{"1":1,"0":2,"1":3}}', ['1', '0']],
    ['{"RM":{}}', []],
    ['{"RM":6,"TAX":{"1":1}}', []],
    ['{"RM":"{", "TAX":{"1":1}}', []],
    ['{"RM":[5, {"1":[]}, 7],"TAX":{"1":1}}', ['0', '1', '2']],
  ])('of %s has its labels in the order of the text', (text, labels) => {
    expect(firstColumn(text).labels).toEqual(labels);
  });

  it('has its labels in the order of the text, whatever names and values are', () => {
    const label = fc.oneof(fc.nat(20).map(String), fc.string(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(label, fc.jsonValue()), { selector: ([name]) => name }),
        fc.string(),
        fc.jsonValue(),
        fc.constantFrom('', ' ', '\n\t'),
        (cells, column, other, space) => {
          const members = cells.map(([name, value]) => `${JSON.stringify(name)}${space}:${JSON.stringify(value)}`);
          const text = `{${space}${JSON.stringify(column)}:{${members.join(`${space},`)}},"z":${JSON.stringify(other)}}`;
          expect(firstColumn(text)).toEqual({ name: column, labels: cells.map(([name]) => name) });
        },
      ),
    );
  });
});
