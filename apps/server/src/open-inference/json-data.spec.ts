import { describe, expect, it } from '@jest/globals';
import type { Datatype } from '#tensor';
import { decodeJson, input, refusalOf, spec, takes, target } from './testing/requests.ts';

describe('data in JSON', () => {
  it('reads flat and nested data alike', () => {
    const flat = decodeJson(input([1, 2, 3, 4], [2, 2]));
    expect(flat).toEqual(
      decodeJson(
        input(
          [
            [1, 2],
            [3, 4],
          ],
          [2, 2],
        ),
      ),
    );
    expect(flat.inputs).toEqual({ x: { datatype: 'FP32', shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) } });
    expect(flat.rows).toBe(2);
  });

  it('reads deeper nesting in row-major order', () => {
    const model = target([spec('x', 'INT8', [-1, 2, 3])]);
    const nested = [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [
        [7, 8, 9],
        [10, 11, 12],
      ],
    ];
    expect(decodeJson(input(nested, [2, 2, 3], 'INT8'), model).inputs['x']!.data).toEqual(
      new Int8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    );
  });

  it.each([[[5]], [5]])('reads a scalar from %j', (data) => {
    const model = target([spec('x', 'INT32', [])], { hasRows: false });
    const { inputs, rows } = decodeJson(input(data, [], 'INT32'), model);
    expect(inputs['x']).toEqual({ datatype: 'INT32', shape: [], data: new Int32Array([5]) });
    expect(rows).toBe(1);
  });

  it('keeps every digit of 64-bit integers, beside other inputs that have as many', () => {
    const model = target([
      spec('i', 'INT64', [-1]),
      spec('u', 'UINT64', [-1]),
      spec('f', 'FP64', [-1]),
      spec('s', 'BYTES', [-1]),
    ]);
    const text = `{"inputs":[
      {"name":"i","datatype":"INT64","shape":[4],"data":[9007199254740993,-9223372036854775808,9223372036854775807,7]},
      {"name":"u","datatype":"UINT64","shape":[4],"data":[18446744073709551615,9007199254740993,0,1]},
      {"name":"f","datatype":"FP64","shape":[4],"data":[9007199254740993,1,2,0.1234567890123456]},
      {"name":"s","datatype":"BYTES","shape":[4],"data":["9007199254740993","","\\"","1"]}]}`;
    const { inputs } = decodeJson(text, model);
    expect(inputs['i']!.data).toEqual(new BigInt64Array([9007199254740993n, -(2n ** 63n), 2n ** 63n - 1n, 7n]));
    expect(inputs['u']!.data).toEqual(new BigUint64Array([2n ** 64n - 1n, 9007199254740993n, 0n, 1n]));
    expect(inputs['f']!.data).toEqual(new Float64Array([2 ** 53, 1, 2, 0.1234567890123456]));
    expect(inputs['s']!.data).toEqual(['9007199254740993', '', '"', '1']);
  });

  it.each<[Datatype, unknown]>([
    ['BOOL', 1],
    ['BOOL', 'true'],
    ['BOOL', null],
    ['UINT8', -1],
    ['UINT8', 256],
    ['UINT8', 1.5],
    ['UINT8', true],
    ['INT8', 128],
    ['INT16', -32_769],
    ['UINT16', 65_536],
    ['INT32', 2 ** 31],
    ['UINT32', -1],
    ['UINT32', '3'],
    ['INT32', null],
    ['INT64', '7'],
    ['INT64', 1.5],
    ['INT64', 1e19],
    ['UINT64', -1],
    ['INT64', null],
    ['INT64', [1]],
    ['FP16', 65_520],
    ['FP16', '1'],
    ['FP32', 1e39],
    ['FP32', null],
    ['FP32', '1'],
    ['FP32', true],
    ['FP32', [1]],
    ['FP64', null],
    ['BYTES', 1],
    ['BYTES', null],
    ['BYTES', 'a\0b'],
    ['BYTES', '\ud800'],
  ])('refuses what %s does not take: %j', (datatype, value) => {
    const good = datatype === 'BYTES' ? 'a' : datatype === 'BOOL' ? true : 1;
    const refusal = refusalOf(() => decodeJson(input([good, value], [2], datatype), takes(datatype)));
    expect(refusal).toMatch(new RegExp(`^INVALID_TENSOR Element 1 of input "x" is .+; ${datatype} takes `));
  });

  it.each([
    ['INT64', '9223372036854775808'],
    ['INT64', '-9223372036854775809'],
    ['UINT64', '18446744073709551616'],
    ['INT64', `1${'0'.repeat(100_000)}`],
    ['UINT64', '-18446744073709551615'],
    ['INT64', '9007199254740993.5'],
    ['FP64', '1e400'],
    ['FP32', '-1e400'],
  ] as [Datatype, string][])('refuses a literal that %s does not hold (%#)', (datatype, literal) => {
    const text = `{"inputs":[{"name":"x","datatype":"${datatype}","shape":[1],"data":[${literal}]}]}`;
    expect(refusalOf(() => decodeJson(text, takes(datatype)))).toMatch(/^INVALID_TENSOR Element 0 of input "x" is /);
  });

  it('takes the literal that prints as the highest FP32', () => {
    expect(decodeJson(input([3.4028235e38], [1]), takes('FP32')).inputs['x']!.data).toEqual(
      new Float32Array([3.4028234663852886e38]),
    );
  });

  it.each([
    ['flat, too short', [1, 2, 3], [2, 2]],
    ['flat, too long', [1, 2, 3, 4, 5], [2, 2]],
    [
      'transposed',
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [2, 2],
    ],
    ['ragged', [[1, 2], [3]], [2, 2]],
    [
      'too deep',
      [
        [[1], [2]],
        [[3], [4]],
      ],
      [2, 2],
    ],
    ['half nested', [1, 2, [3, 4]], [2, 2]],
    ['an object', { 0: 1 }, [2, 2]],
    ['a number', 1, [2, 2]],
    ['missing', undefined, [2, 2]],
    ['null', null, [2, 2]],
  ])('names the tensor whose data does not fit its shape: %s', (_case, data, shape) => {
    expect(refusalOf(() => decodeJson(input(data, shape)))).toMatch(/^INVALID_TENSOR .*input "x"/i);
  });
});
