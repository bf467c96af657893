import { describe, expect, it } from '@jest/globals';
import { RecordReader } from '#csv';
import { input, problems, readerOf, thrownBy } from './testing/readers.fixture.ts';

const reader = readerOf(undefined, [input('X', 'FP32', [-1, 3])]);
const bytes = (text: string) => new TextEncoder().encode(text);
const data = new Float32Array([1, 2, 3, 4, 5, 6]);
const warning = {
  field: 'X',
  detail: 'X takes the columns c, a, b in this order, by position: the model names no columns',
};

describe('columns of a model that names none', () => {
  it('are taken by position in every form alike, with one warning', () => {
    const rows = [
      { c: 1, a: 2, b: 3 },
      { c: 4, a: 5, b: 6 },
    ];
    const lists = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const read = [
      reader.read(rows),
      // Further records go by the names of the first.
      reader.read([rows[0], { b: 6, a: 5, c: 4 }]),
      reader.read({ instances: rows }),
      reader.read({ dataframe_records: rows }),
      reader.read({ dataframe_split: { columns: ['c', 'a', 'b'], data: lists } }),
      reader.read({ c: { x: 1, y: 4 }, a: { x: 2, y: 5 }, b: { x: 3, y: 6 } }),
      reader.readInputs({ c: [1, 4], a: [[2], [5]], b: [3, 6] }),
      reader.readCsv(bytes('c,a,b\n1,2,3\n4,5,6\n')),
      reader.readCsv(bytes(',c,a,b\n0,1,2,3\n1,4,5,6\n')),
    ];
    for (const { count, inputs, warnings } of read) {
      expect({ count, X: inputs.X }).toEqual({ count: 2, X: { datatype: 'FP32', shape: [2, 3], data } });
      expect(warnings).toEqual([warning]);
    }
  });

  it('are taken by position where rows of CSV come below a header', () => {
    for (const [header, text] of [
      [['c', 'a', 'b'], '1,2,3\n4,5,6\n'],
      [['', 'c', 'a', 'b'], '0,1,2,3\n1,4,5,6\n'],
    ] as const) {
      const records = new RecordReader({ longest: 100 }).push(bytes(text));
      const { inputs, warnings } = reader.csvBelow(header).read(records);
      expect(inputs.X).toEqual({ datatype: 'FP32', shape: [2, 3], data });
      expect(warnings).toEqual([warning]);
    }
  });

  it('may be one, and may be called by numbers', () => {
    const one = readerOf(undefined, [input('x', 'BYTES', [-1, 1])]).read({ message: 'hello' });
    expect(one.inputs.x!.data).toEqual(['hello']);
    expect(one.warnings).toMatchObject([{ detail: expect.stringContaining('the column message,') }]);
    const { inputs, warnings } = reader.read({ dataframe_split: { columns: [7, 5, 6], data: [[1, 2, 3]] } });
    expect(inputs.X!.data).toEqual(new Float32Array([1, 2, 3]));
    expect(warnings).toMatchObject([{ detail: expect.stringContaining('the columns 7, 5, 6 in this order') }]);
  });

  it('are not taken from objects whose keys are numbers in no order of their own, which JavaScript moves', () => {
    for (const keys of [
      ['10', '2', '5'],
      ['c', '7', 'a'],
      ['2', '3', '4'],
    ]) {
      const of = (value: unknown) => JSON.parse(`{${keys.map((key) => `"${key}":${JSON.stringify(value)}`).join()}}`);
      for (const read of [
        () => reader.read([of(1)]),
        () => reader.read(of({ x: 1 })),
        () => reader.readInputs(of([1])),
        () => reader.read({ dataframe_records: [of(1)] }),
      ])
        expect(problems(read)).toEqual([
          expect.stringContaining('a JSON object loses the order of names that are numbers'),
        ]);
    }
    for (const keys of ['{"0":1,"1":2,"2":3}', '{"1":1,"2":2,"3":3}', '{"2a":1,"1a":2,"0a":3}'])
      expect(reader.read([JSON.parse(keys)]).inputs.X!.data).toEqual(new Float32Array([1, 2, 3]));
  });

  it('are as many as the model has: another number is one error', () => {
    const expected =
      'X takes 3 columns by position, and there are 2: a, b. ' +
      'Send the columns of the model alone, in its order, or name them as features in model.json';
    const forms: (() => unknown)[] = [
      () => reader.read({ dataframe_split: { columns: ['a', 'b'], data: [[1, 2]] } }),
      () => reader.read({ a: { 0: 1 }, b: { 0: 2 } }),
      () => reader.readInputs({ a: [1], b: [2] }),
      () => reader.readCsv(bytes('a,b\n1,2\n')),
      () => reader.csvBelow(['a', 'b']),
    ];
    for (const read of forms) expect(problems(read)).toEqual([expected]);
    const records = [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ];
    expect(problems(() => reader.read(records))).toEqual([`row 0: ${expected}`]);
  });

  it.each([['2', '0', '1'].map((at) => `Column_${at}`), ['f2', 'f1', 'f3']])(
    'are in the order that their names count them through: not %s, %s, %s',
    (...columns) => {
      expect(problems(() => reader.readTable(columns, [[1, 2, 3]]))).toEqual([
        `The columns are taken by position and are numbered otherwise: ${columns.join(', ')}`,
      ]);
      expect(reader.readTable(columns.toSorted(), [[1, 2, 3]]).warnings).toHaveLength(1);
    },
  );

  it('have names of their own, by which their values are told', () => {
    expect(problems(() => reader.readCsv(bytes('a,a,b\n1,2,3\n')))).toEqual(['a is the name of two columns']);
    expect(problems(() => reader.readCsv(bytes('a,b,c\n1,x,3\n')))).toEqual([
      'row 0: b is the string "x"; a number is expected',
    ]);
    expect(
      problems(() =>
        reader.read([
          { a: 1, b: 2, c: 3 },
          { a: 1, b: 2, d: 3 },
        ]),
      ),
    ).toEqual(['row 1: c is missing', 'row 1: d is not a feature of this model']);
  });

  it('are not meant where the input has its own name, or the manifest names features', () => {
    const byName = reader.read([{ X: [1, 2, 3] }, { X: [4, 5, 6] }]);
    expect(byName).toMatchObject({ inputs: { X: { data } }, warnings: [] });
    expect(problems(() => reader.read({ x: [1, 2, 3] }))).toEqual([
      'row 0: x is not a feature of this model; did you mean X?',
      'row 0: X is missing',
    ]);
    const declared = readerOf([{ name: 'X' }], [input('X', 'FP32', [-1, 3])]);
    expect(problems(() => declared.read({ a: 1, b: 2, c: 3 }))).toContain('row 0: a is not a feature of this model');
  });

  it('may be any number where the model leaves it open, within bounds', () => {
    const open = readerOf(undefined, [input('X', 'FP32', [-1, -1])], 10_000);
    expect(open.read([{ a: 1, b: 2 }]).inputs.X).toEqual({
      datatype: 'FP32',
      shape: [1, 2],
      data: new Float32Array([1, 2]),
    });
    expect(open.readCsv(bytes('a,b,c\n1,2,3\n4,5,6\n')).inputs.X).toEqual({ datatype: 'FP32', shape: [2, 3], data });
    const wide = Object.fromEntries(Array.from({ length: 16_385 }, (_, at) => [`c${at}`, at]));
    expect(problems(() => open.read([wide]))).toEqual([
      'row 0: X takes at most 16384 columns of a table: send each row as a list',
    ]);
    // A header and short rows: the memory that they would take is more than they are.
    const header = Array.from({ length: 1000 }, (_, at) => `c${at}`).join(',');
    const { code, message } = thrownBy(() => open.readCsv(bytes(`${header}\n${'1\n'.repeat(5000)}`)));
    expect({ code, message }).toEqual({
      code: 'TOO_MANY_ROWS',
      message: 'There are 5000 rows of 1000 columns: send at most 4194 at once.',
    });
  });
});
