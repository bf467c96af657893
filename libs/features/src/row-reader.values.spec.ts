import { describe, expect, it } from '@jest/globals';
import type { TensorSpec } from '#tensor';
import type { RowReader } from './row-reader.ts';
import { input, problems, readerOf, scalar } from './testing/readers.fixture.ts';

describe('values', () => {
  it.each<[TensorSpec['datatype'], number[]]>([
    ['UINT8', [0, 255]],
    ['UINT16', [0, 65535]],
    ['UINT32', [0, 4294967295]],
    ['INT8', [-128, 127]],
    ['INT16', [-32768, 32767]],
    ['INT32', [-2147483648, 2147483647]],
    ['INT64', [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]],
    ['UINT64', [0, Number.MAX_SAFE_INTEGER]],
    ['FP16', [-65504, 65504]],
    ['FP32', [-3.4028235e38, 3.4028235e38]],
    ['FP64', [-Number.MAX_VALUE, Number.MAX_VALUE]],
  ])('of %s end at %j', (datatype, [low, high]) => {
    const reader = scalar(datatype);
    const { data } = reader.read([{ x: low }, { x: high }]).inputs.x!;
    const numbers = datatype === 'FP16' ? new Float16Array((data as Uint16Array).buffer) : (data as Float64Array);
    const round = datatype === 'FP32' ? Math.fround : (value: number): number => value;
    expect(Array.from(numbers, Number)).toEqual([round(low!), round(high!)]);
    const step = Number.isSafeInteger(high) && datatype !== 'FP16' ? 1 : high! / 100;
    for (const x of [low! - step, high! + step]) {
      expect(problems(() => reader.read({ x }))[0]).toMatch(/^row 0: x is .*beyond/);
    }
  });

  it('names float32 for what it cannot hold, and for a literal that no number can', () => {
    expect(problems(() => scalar('FP32').read({ x: 1e39 }))).toEqual([
      'row 0: x is 1e+39, beyond float32 (±3.4028234663852886e+38)',
    ]);
    expect(problems(() => scalar('FP64').read(JSON.parse('{"x":1e400}')))[0]).toMatch(/^row 0: x is beyond float64/);
  });

  it.each<['INT64' | 'UINT64', bigint, bigint]>([
    ['INT64', -(2n ** 63n), 2n ** 63n - 1n],
    ['UINT64', 0n, 2n ** 64n - 1n],
  ])('of %s are exact where they are written in digits alone: %d to %d', (datatype, low, high) => {
    const reader = scalar(datatype);
    const body = (...values: (bigint | string)[]) => reader.parse(`[${values.map((x) => `{"x":${x}}`).join(',')}]`);
    const wanted = [low, high, 2n ** 53n + 1n];
    expect([...reader.read(body(...wanted)).inputs.x!.data]).toEqual(wanted);
    expect([...reader.readCsv(Buffer.from(`x\n${wanted.join('\n ')}`)).inputs.x!.data]).toEqual(wanted);
    const range = `beyond ${datatype} (${low} to ${high})`;
    expect(problems(() => reader.read(body(high + 1n, low - 1n)))).toEqual([
      `row 0: x is ${high + 1n}, ${range}`,
      `row 1: x is ${low - 1n}, ${range}`,
    ]);
    for (const literal of ['9007199254740994.0', '9.007199254740994e15', '1e16'])
      expect(problems(() => reader.read(body(literal)))[0]).toMatch(
        /beyond 2\^53 - 1, where only whole numbers in digits/,
      );
    const limited = scalar(datatype, { range: [0, 2 ** 53 - 1] });
    expect(problems(() => limited.read(body(2n ** 53n + 1n)))[0]).toContain('is 9007199254740993, outside the range');
  });

  it('of other datatypes are read from as many digits as they were', () => {
    const reader = readerOf([{ name: 'x' }, { name: 'n' }], [input('x', 'FP64', [-1]), input('n', 'INT64', [-1])]);
    const { inputs } = reader.read(reader.parse('{"x":12345678901234567890,"n":1}'));
    expect(inputs).toMatchObject({ x: { data: new Float64Array([12345678901234567890]) } });
    expect(
      problems(() => reader.read(reader.parse('{"x":"12345678901234567890","n":"1234567890123456"}'))),
    ).toHaveLength(2);
  });

  it.each<[TensorSpec['datatype'], unknown[]]>([
    ['FP32', [null, '', '3', true, {}, []]],
    ['INT32', [null, '3', 1.5, false]],
    ['INT64', [null, '3', 1.5, false]],
    ['BOOL', [null, 0, 1, 'true']],
    ['BYTES', [null, 0, true, 'a\0b', '\uD800']],
  ])('of another type are refused, not coerced: %s', (datatype, values) => {
    expect(problems(() => scalar(datatype).read(values.map((x) => ({ x }))))).toHaveLength(values.length);
  });

  it.each(['', ' ', 'NaN', 'nan', 'NA', ' NA '])('of CSV are missing where they may be, written as "%s"', (cell) => {
    const csv = Buffer.from(`x,y\n${cell},1\n`);
    const table = (declared: { missing?: boolean; default?: number }) =>
      readerOf([{ name: 'x', ...declared }, { name: 'y' }], [input('x', 'FP32', [-1]), input('y', 'FP32', [-1])]);
    const below = (reader: RowReader) =>
      reader.csvBelow(['x', 'y']).read([{ text: `${cell},1`, line: 2, fault: undefined }]);
    const missing = table({ missing: true });
    for (const { inputs } of [missing.readCsv(csv), below(missing)]) expect([...inputs.x!.data]).toEqual([NaN]);
    const needed = table({});
    for (const read of [() => needed.readCsv(csv), () => below(needed)]) expect(problems(read)).toHaveLength(1);
    const either = table({ default: 7 });
    if (cell.trim() === '') expect([...either.readCsv(csv).inputs.x!.data]).toEqual([7]);
    else expect(problems(() => either.readCsv(csv))).toHaveLength(1);
  });

  it('are booleans and text as they are', () => {
    expect(scalar('BOOL').read([{ x: true }, { x: false }]).inputs.x!.data).toEqual(new Uint8Array([1, 0]));
    expect(scalar('BYTES').read([{ x: 'é' }, { x: '' }]).inputs.x!.data).toEqual(['é', '']);
    expect(scalar('BYTES').readCsv(Buffer.from('x\n" a "\nb\n')).inputs.x!.data).toEqual([' a ', 'b']);
    expect(scalar('BOOL').readCsv(Buffer.from('x\nTrue\nfalse\n')).inputs.x!.data).toEqual(new Uint8Array([1, 0]));
    expect(problems(() => scalar('BOOL').readCsv(Buffer.from('x\n1\n')))).toHaveLength(1);
  });

  it.each<[TensorSpec['datatype'], unknown]>([
    ['FP32', new Float32Array([1, 0])],
    ['FP16', new Uint16Array([0x3c00, 0])],
    ['INT64', new BigInt64Array([1n, 0n])],
  ])('of a feature declared boolean are 1 and 0 in %s', (datatype, data) => {
    expect(scalar(datatype, { type: 'boolean' }).read([{ x: true }, { x: false }]).inputs.x!.data).toEqual(data);
  });

  it('that are missing are NaN where the feature may be', () => {
    const reader = readerOf([{ name: 'x', missing: true }, { name: 'y' }], [input('t', 'FP32', [-1, 2])]);
    const expected = new Float32Array([NaN, 1, NaN, 2]);
    expect(reader.read([{ x: null, y: 1 }, { y: 2 }]).inputs.t!.data).toEqual(expected);
    expect(reader.readCsv(Buffer.from('x,y\n,1\n ,2\n')).inputs.t!.data).toEqual(expected);
    expect(reader.read({ x: { 0: null, 1: null }, y: { 0: 1, 1: 2 } }).inputs.t!.data).toEqual(expected);
    const half = scalar('FP16', { missing: true }).read({ x: null }).inputs.x!.data as Uint16Array;
    expect(new Float16Array(half.buffer)[0]).toBeNaN();
  });

  it('that are absent are the default', () => {
    const reader = readerOf([{ name: 'x', default: 7 }, { name: 'y' }], [input('t', 'FP32', [-1, 2])]);
    expect(reader.read({ y: 1 }).inputs.t!.data).toEqual(new Float32Array([7, 1]));
    expect(reader.readCsv(Buffer.from('x,y\n,1\n')).inputs.t!.data).toEqual(new Float32Array([7, 1]));
  });

  it.each<[TensorSpec['datatype'], number | string | boolean, unknown]>([
    ['FP32', 7, 7],
    ['FP16', 1, 0x3c00],
    ['INT64', 7, 7n],
    ['BOOL', true, 1],
    ['BYTES', 'none', 'none'],
    ['BYTES', '', ''],
  ])('that are null are the default, in %s: %j', (datatype, fallback, stored) => {
    const reader = readerOf(
      [{ name: 'x', default: fallback }, { name: 'y' }],
      [input('x', datatype, [-1]), input('y', 'FP32', [-1])],
    );
    for (const read of [
      reader.read([{ x: null, y: 1 }]),
      reader.read([[null, 1]]),
      reader.read({ dataframe_split: { columns: ['y', 'x'], data: [[1, null]] } }),
      reader.read({ x: { a: null }, y: { a: 1 } }),
      reader.readInputs({ x: [null], y: [1] }),
    ])
      expect([...read.inputs.x!.data]).toEqual([stored]);
  });

  it('that may be missing are NaN if they are null, also beside a default', () => {
    const { x } = scalar('FP32', { missing: true, default: 7 }).read([{ x: null }, {}]).inputs;
    expect([...x!.data]).toEqual([NaN, 7]);
  });

  it('of CSV that are empty are the default, or else an empty text', () => {
    const read = (declared: { default?: string }) => scalar('BYTES', declared).readCsv(Buffer.from('x\n""\na\n'));
    expect(read({ default: 'none' }).inputs.x!.data).toEqual(['none', 'a']);
    expect(read({}).inputs.x!.data).toEqual(['', 'a']);
  });

  it('outside a range or the categories are refused, outside what was seen answered with a warning', () => {
    const reader = scalar('FP32', { range: [0, 10], seen: [2, 8] });
    expect(reader.read([{ x: 2 }, { x: 10 }]).warnings).toEqual([
      { row: 1, field: 'x', detail: 'row 1: x is 10, outside the range seen in training (2 to 8)' },
    ]);
    expect(problems(() => reader.read({ x: 11 }))).toEqual([
      'row 0: x is 11, outside the range that the model takes (0 to 10)',
    ]);
    const text = scalar('BYTES', { categories: ['a', 'b', 'c'], seenCategories: ['a', 'b'] });
    expect(text.read([{ x: 'b' }, { x: 'c' }]).warnings.map(({ detail }) => detail)).toEqual([
      'row 1: x is "c", which was not seen in training ("a", "b")',
    ]);
    expect(problems(() => text.read({ x: 'd' }))).toEqual(['row 0: x is "d", which is not one of "a", "b", "c"']);
    expect(problems(() => scalar('INT8', { categories: [1, 2] }).read({ x: 3 }))).toHaveLength(1);
  });

  it('outside what was seen get no warning where they are the default, unless the row has them', () => {
    const reader = readerOf(
      [
        { name: 'n', default: -1, seen: [0, 9] },
        { name: 'word', default: '', seenCategories: ['a'] },
        { name: 'list', default: [7, 8], seen: [0, 1] },
        { name: 'y' },
      ],
      [
        input('n', 'FP32', [-1]),
        input('word', 'BYTES', [-1]),
        input('list', 'FP32', [-1, 2]),
        input('y', 'FP32', [-1]),
      ],
    );
    for (const read of [
      reader.read([{ y: 1 }, { n: null, word: null, list: null, y: 1 }]),
      reader.readCsv(Buffer.from('n,word,y\n,,1\n')),
      reader.csvBelow(['n', 'y']).read([{ text: ',1', line: 2, fault: undefined }]),
      reader.readTable(['y'], [[1]]),
      reader.read({ y: { a: 1 } }),
    ])
      expect(read.warnings).toEqual([]);
    const { warnings } = reader.read([{ n: -1, word: '', list: [7, 1], y: 1 }]);
    expect(warnings.map(({ field }) => field)).toEqual(['n', 'word', 'list']);
  });

  it('that are unusual by the thousand are 100 warnings and a count', () => {
    const reader = readerOf([{ name: 'x', seen: [0, 1] }], [input('x', 'FP32', [-1])], 1000);
    const { warnings } = reader.read(new Array(150).fill({ x: 2 }));
    expect(warnings).toHaveLength(101);
    expect(warnings[100]).toEqual({ row: 100, field: 'x', detail: 'and 50 more warnings, from this row on' });
  });
});
