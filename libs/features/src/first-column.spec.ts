import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstColumn, standInOrder } from './first-column.ts';

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

  it.each([
    ['{"RM":{"0":1,"1":2,"10":3},"TAX":{"1":1}}', true],
    ['{"RM":{"0":"a","1":null}}', true],
    ['{"RM":{"1":1,"0":2},"TAX":{"1":1}}', false],
    ['{"RM":{"0" :1,"1":2}}', false],
    ['{"RM":{"1":{"0":{"1":5}},"0":6}}', false],
  ])('are seen to stand in the order of JavaScript where that is easily seen: %s', (text, expected) => {
    const { RM } = JSON.parse(text) as { RM: object };
    expect(standInOrder(text, Object.keys(RM))).toBe(expected);
  });

  it('are never taken for standing in that order where they do not', () => {
    const labels = fc.uniqueArray(fc.nat(12).map(String), { minLength: 1 });
    const value = fc.oneof(fc.double(), fc.string(), fc.constantFrom('"1":', '{"0":', '}', '\\"0":'), fc.jsonValue());
    let seen = 0;
    fc.assert(
      fc.property(labels, fc.array(value, { minLength: 12, maxLength: 12 }), fc.string(), (names, values, column) => {
        fc.pre(!/^\d+$/.test(column) && column !== 'z');
        const members = names.map((name, at) => `"${name}":${JSON.stringify(values[at])}`).join();
        const text = `{${JSON.stringify(column)}:{${members}},"z":{${names
          .toSorted()
          .map((name) => `"${name}":1`)
          .join()}}}`;
        const sorted = Object.keys((JSON.parse(text) as Record<string, object>)[column]!);
        if (!standInOrder(text, sorted)) return;
        seen += 1;
        expect(names).toEqual(sorted);
      }),
      { numRuns: 2000 },
    );
    expect(seen).toBeGreaterThan(0);
  });
});
