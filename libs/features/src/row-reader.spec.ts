import { describe, expect, it } from '@jest/globals';
import { house, input, problems, readerOf, thrownBy } from './testing/readers.fixture.ts';

const twoHouses = new Float32Array([6.5, 296, 0, 7.25, 300, 1]);

describe('the forms', () => {
  const records = [
    { RM: 6.5, TAX: 296, CHAS: 0 },
    { CHAS: 1, TAX: 300, RM: 7.25 },
  ];

  it.each<[string, unknown]>([
    ['a list of records', records],
    ['instances that are records', { instances: records }],
    [
      'instances by position',
      {
        instances: [
          [6.5, 296, 0],
          [7.25, 300, 1],
        ],
      },
    ],
    [
      'a list of lists by position',
      [
        [6.5, 296, 0],
        [7.25, 300, 1],
      ],
    ],
    ['dataframe_records', { dataframe_records: records }],
    [
      'dataframe_split',
      {
        dataframe_split: {
          columns: ['TAX', 'RM', 'CHAS'],
          index: ['a', 'b'],
          data: [
            [296, 6.5, 0],
            [300, 7.25, 1],
          ],
        },
      },
    ],
    ['a DataFrame dict', { TAX: { 0: 296, 1: 300 }, RM: { 0: 6.5, 1: 7.25 }, CHAS: { 0: 0, 1: 1 } }],
    [
      'a DataFrame dict with an index of names',
      { TAX: { b: 296, a: 300 }, RM: { b: 6.5, a: 7.25 }, CHAS: { b: 0, a: 1 } },
    ],
  ])('reads %s', (_, body) => {
    const rows = house.read(body);
    expect(rows).toEqual({
      count: 2,
      inputs: { x: { datatype: 'FP32', shape: [2, 3], data: twoHouses } },
      warnings: [],
    });
  });

  it('reads one record, and the DataFrame dict of one row', () => {
    expect(house.read(records[0]).inputs.x).toEqual({ datatype: 'FP32', shape: [1, 3], data: twoHouses.slice(0, 3) });
    expect(house.read({ CHAS: { 7: 0 }, RM: { 7: 6.5 }, TAX: { 7: 296 } }).inputs.x!.data).toEqual(
      twoHouses.slice(0, 3),
    );
  });

  it.each([
    ['numbers', '{"TAX":{"10":296,"2":300},"RM":{"10":6.5,"2":7.25},"CHAS":{"10":0,"2":1}}'],
    ['names and numbers', '{"TAX":{"b":296,"2":300},"RM":{"b":6.5,"2":7.25},"CHAS":{"b":0,"2":1}}'],
    ['another order a column', '{"TAX":{"10":296,"2":300},"RM":{"2":7.25,"10":6.5},"CHAS":{"10":0,"2":1}}'],
  ])("keeps the rows of a DataFrame dict in the order of its text's first column: %s", (_, text) => {
    expect(house.read(JSON.parse(text), text).inputs.x!.data).toEqual(twoHouses);
  });

  it('keeps them so too where the names of columns are numbers, and labels are not', () => {
    const reader = readerOf(undefined, [input('1', 'FP32', [-1, 1]), input('0', 'FP32', [-1, 1])]);
    const text = '{"1": {"b": 1, "a": 2}, "0": {"a": 20, "b": 10}}';
    const { inputs } = reader.read(JSON.parse(text), text);
    expect([inputs['1']!.data, inputs['0']!.data]).toEqual([new Float32Array([1, 2]), new Float32Array([10, 20])]);
  });

  it('takes the first column from the text where names are numbers too', () => {
    const table = readerOf([{ name: '0' }, { name: '1' }], [input('x', 'FP32', [-1, 2])]);
    const text = '{"1":{"7":10,"3":30},"0":{"7":1,"3":3}}';
    expect(table.read(JSON.parse(text), text).inputs.x!.data).toEqual(new Float32Array([1, 10, 3, 30]));
    const scalar = '{"1":5,"0":{"7":1,"3":3}}';
    expect(problems(() => table.read(JSON.parse(scalar), scalar))).toEqual([
      '1 is 5; in a DataFrame dict each column is an object of index label → value',
    ]);
    const uneven = '{"1":{"7":10,"3":30},"0":{"7":1,"4":3}}';
    expect(problems(() => table.read(JSON.parse(uneven), uneven))).toEqual([
      '0 has no value at the index label "3", which 1 has',
    ]);
  });

  it("reads CSV with its columns in any order, quotes, pandas' index and spaces around numbers", () => {
    expect(house.readCsv(Buffer.from('"",TAX,CHAS,RM\r\n0, 296,"0",6.5\r\n1,3e2,1,+7.25')).inputs.x!.data).toEqual(
      twoHouses,
    );
  });

  it.each<[unknown, string, RegExp]>([
    ['text', 'INVALID_REQUEST', /body is the string "text"/],
    [3, 'INVALID_REQUEST', /body is 3/],
    [null, 'INVALID_REQUEST', /body is null/],
    [undefined, 'INVALID_REQUEST', /body is undefined/],
    [{ instances: { RM: 1 } }, 'INVALID_REQUEST', /"instances" is an object; a list/],
    [{ instances: [], signature_name: 'x' }, 'INVALID_REQUEST', /"signature_name" beside it/],
    [{ dataframe_split: { columns: ['RM'] } }, 'INVALID_REQUEST', /lists "columns" and "data"/],
    [{ dataframe_split: { columns: ['RM'], data: [], dtypes: [] } }, 'INVALID_REQUEST', /"dtypes" in/],
    [{ dataframe_split: { columns: ['RM'], data: [[1]], index: [] } }, 'INVALID_REQUEST', /one label for each row/],
    [{}, 'NO_ROWS', /empty object/],
    [[], 'NO_ROWS', /no rows/],
    [{ instances: [] }, 'NO_ROWS', /no rows/],
    [{ RM: {}, TAX: {}, CHAS: {} }, 'NO_ROWS', /no rows/],
    [new Array(11).fill(0), 'TOO_MANY_ROWS', /more than 10/],
    [{ dataframe_split: { columns: ['RM'], data: new Array(11).fill(0) } }, 'TOO_MANY_ROWS', /more than 10/],
    [{ RM: Object.fromEntries(new Array(11).fill(0).entries()) }, 'TOO_MANY_ROWS', /more than 10/],
  ])('refuses %j', (body, code, detail) => {
    const error = thrownBy(() => house.read(body));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(detail);
  });

  it('refuses CSV without rows, or with too many', () => {
    expect(thrownBy(() => house.readCsv(Buffer.from('RM,TAX,CHAS\n'))).code).toBe('NO_ROWS');
    expect(thrownBy(() => house.readCsv(Buffer.from(`RM,TAX,CHAS\n${'1,2,3\n'.repeat(11)}`))).code).toBe(
      'TOO_MANY_ROWS',
    );
  });

  it('lets a feature be named as an envelope or as a member of every object', () => {
    const odd = readerOf(
      [{ name: 'instances' }, { name: 'constructor', missing: true }],
      [input('x', 'FP32', [-1, 2])],
    );
    expect(odd.read({ instances: 4 }).inputs.x!.data).toEqual(new Float32Array([4, NaN]));
  });
});

describe('columns that do not fit', () => {
  it.each(['5,1', ' -1.234,5 ', '1,234'])('tells of the comma in %j, and takes it for no decimal point', (written) => {
    const error = thrownBy(() => house.readCsv(Buffer.from(`RM;TAX;CHAS\n${written};296;0\n`)));
    expect(error.message).toBe(
      `row 0: RM is the string "${written}"; a number is expected, with a decimal point and without commas`,
    );
  });

  it('names row and field of what is missing, unknown or of the wrong type, and all of it', () => {
    const error = thrownBy(() => house.read([{ RM: 6.5, TAX: 296, CHAS: 0 }, { rm: 6.5, TAX: '3', CHAS: true }, 5]));
    expect(error.errors).toEqual([
      { row: 1, field: 'RM', detail: 'row 1: RM is missing' },
      { row: 1, field: 'TAX', detail: 'row 1: TAX is the string "3"; a number is expected' },
      { row: 1, field: 'CHAS', detail: 'row 1: CHAS is true; a whole number is expected' },
      { row: 1, field: 'rm', detail: 'row 1: rm is not a feature of this model; did you mean RM?' },
      { row: 2, detail: 'row 2 is 5; a record is expected' },
    ]);
    expect(error.message).toBe('row 1: RM is missing (and 4 more)');
  });

  it.each<[string, unknown, string[]]>([
    [
      'a label that is lacking',
      { RM: { a: 1, b: 2 }, TAX: { a: 1 }, CHAS: { a: 1, b: 2 } },
      ['TAX has no value at the index label "b", which RM has'],
    ],
    [
      'a label too many',
      { RM: { a: 1 }, TAX: { a: 1, c: 2 }, CHAS: { a: 1 } },
      ['TAX has the index label "c", which RM has not'],
    ],
    [
      'another label in the place of one',
      { RM: { a: 1, b: 2 }, TAX: { b: 1, c: 2 }, CHAS: { a: 1, b: 2 } },
      ['TAX has no value at the index label "a", which RM has'],
    ],
    [
      'a column that is none',
      { RM: { a: 1 }, TAX: 3, CHAS: { a: 1 } },
      ['TAX is 3; in a DataFrame dict each column is an object of index label → value'],
    ],
    [
      'a column missing and one unknown',
      { RM: { a: 1 }, Tax: { a: 1 }, CHAS: { a: 1 } },
      ['TAX is missing', 'Tax is not a feature of this model; did you mean TAX?'],
    ],
  ])('says of a DataFrame dict: %s', (_, body, expected) => {
    expect(problems(() => house.read(body))).toEqual(expected);
  });

  it('says of a table: columns unknown, twice, missing; rows of another length', () => {
    expect(problems(() => house.readTable(['RM', 'RM', 'POOL', 3], [[1, 2, 3, 4], [1]]))).toEqual([
      'RM is the name of two columns',
      'POOL is not a feature of this model',
      '3 is not the name of a feature',
      'TAX is missing',
      'CHAS is missing',
      'row 1 has 1 values; 4 are expected',
    ]);
    expect(problems(() => house.readLists([[1, 2, 3], 7]))).toEqual(['row 1 is 7; a list of 3 values is expected']);
  });

  it('says of CSV: ragged rows and cells that are no numbers', () => {
    expect(problems(() => house.readCsv(Buffer.from('RM,TAX,CHAS\n1,2\n0x10,NaN,\n')))).toEqual([
      'row 0 has 2 values; 3 are expected',
      'row 1: RM is the string "0x10"; a number is expected',
      'row 1: TAX is the string "NaN"; a number is expected',
      'row 1: CHAS is missing',
    ]);
  });

  it('cannot be harmed by __proto__', () => {
    const body: unknown = JSON.parse('{"__proto__": {"RM": 6.5}, "TAX": 1, "CHAS": 0, "RM": 5}');
    expect(thrownBy(() => house.read(body)).errors).toContainEqual(expect.objectContaining({ field: '__proto__' }));
    const record: unknown = JSON.parse('[{"__proto__": {"RM": 6.5}, "TAX": 1, "CHAS": 0}]');
    expect(problems(() => house.read(record))).toEqual([
      'row 0: RM is missing',
      'row 0: __proto__ is not a feature of this model',
    ]);
    expect(({} as { RM?: unknown }).RM).toBeUndefined();
  });

  it('lists 100 problems and counts the rest', () => {
    const many = readerOf(undefined, [input('x', 'FP32', [-1])], 1000);
    const { errors, message } = thrownBy(() => many.read(new Array(250).fill({ x: null })));
    expect(errors).toHaveLength(101);
    expect(errors[100]).toEqual({ detail: 'and 150 more' });
    expect(message).toBe('row 0: x is null; a number is expected (and 249 more)');
  });

  it("cuts a long text of the client's in a message", () => {
    expect(thrownBy(() => house.read({ ['k'.repeat(1000)]: 'v'.repeat(1000) })).message.length).toBeLessThan(200);
  });
});
