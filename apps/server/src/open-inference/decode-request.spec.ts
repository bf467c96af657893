import { describe, expect, it } from '@jest/globals';
import { NestorError } from '#errors';
import type { Datatype, TensorSpec } from '#tensor';
import { decodeInferRequest } from './decode-request.ts';
import type { InferRequest, InferTarget } from './infer-request.ts';

const spec = (name: string, datatype: Datatype, shape: number[]): TensorSpec => ({ name, datatype, shape });

const target = (inputs: TensorSpec[], more: Partial<InferTarget> = {}): InferTarget => ({
  signature: { inputs, outputs: [spec('y', 'FP32', [-1]), spec('label', 'BYTES', [-1])] },
  hasRows: true,
  maxRows: 100,
  ...more,
});

const MATRIX = target([spec('x', 'FP32', [-1, 2])]);
const of = (datatype: Datatype, shape = [-1]) => target([spec('x', datatype, shape)]);

const decodeJson = (request: unknown, model = MATRIX): InferRequest =>
  decodeInferRequest(Buffer.from(typeof request === 'string' ? request : JSON.stringify(request)), undefined, model);

const input = (data: unknown, shape: unknown = [1, 2], datatype: unknown = 'FP32') => ({
  inputs: [{ name: 'x', datatype, shape, data }],
});

const decodeBinary = (request: unknown, model: InferTarget, ...parts: Uint8Array[]): InferRequest => {
  const json = Buffer.from(JSON.stringify(request));
  return decodeInferRequest(Buffer.concat([json, ...parts]), json.length, model);
};

const binaryInput = (size: unknown, shape: unknown, datatype: string, name = 'x') => ({
  name,
  datatype,
  shape,
  parameters: { binary_data_size: size },
});

/** The error that is thrown, as `CODE text`. */
function refusalOf(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (error instanceof NestorError) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

describe('decodeInferRequest', () => {
  describe('JSON', () => {
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
        {"name":"f","datatype":"FP64","shape":[4],"data":[9007199254740993,1,2,0.12345678901234567]},
        {"name":"s","datatype":"BYTES","shape":[4],"data":["9007199254740993","","\\"","1"]}]}`;
      const { inputs } = decodeJson(text, model);
      expect(inputs['i']!.data).toEqual(new BigInt64Array([9007199254740993n, -(2n ** 63n), 2n ** 63n - 1n, 7n]));
      expect(inputs['u']!.data).toEqual(new BigUint64Array([2n ** 64n - 1n, 9007199254740993n, 0n, 1n]));
      expect(inputs['f']!.data).toEqual(new Float64Array([9007199254740992, 1, 2, 0.12345678901234567]));
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
      const refusal = refusalOf(() => decodeJson(input([good, value], [2], datatype), of(datatype)));
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
      expect(refusalOf(() => decodeJson(text, of(datatype)))).toMatch(/^INVALID_TENSOR Element 0 of input "x" is /);
    });

    it('takes the literal that prints as the highest FP32', () => {
      expect(decodeJson(input([3.4028235e38], [1]), of('FP32')).inputs['x']!.data).toEqual(
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

    it.each([
      ['[9223372036854775807, 16]'],
      ['[-1, 2]'],
      ['[1.5, 2]'],
      ['[1e300, 2]'],
      ['["1", 2]'],
      ['[null, 2]'],
      ['[true, 2]'],
      ['2'],
      ['"a"'],
      ['{}'],
      ['null'],
      ['[]'],
      ['[2]'],
      ['[1, 3]'],
      ['[1, 2, 1]'],
      ['[[1], 2]'],
      [`${'['.repeat(1000)}${']'.repeat(1000)}`],
      [`[${'1,'.repeat(100_000)}1]`],
    ])('names the tensor whose shape cannot be: %#', (shape) => {
      const text = `{"inputs":[{"name":"x","datatype":"FP32","shape":${shape},"data":[1,2]}]}`;
      expect(refusalOf(() => decodeJson(text))).toMatch(
        /^INVALID_TENSOR Input "x" has shape .{1,300}; the model takes \[-1, 2\], where -1 is any size\.$/,
      );
    });

    it('refuses an empty tensor that spans more than memory', () => {
      const model = target([spec('x', 'FP32', [-1, -1, -1])], { hasRows: false });
      expect(decodeJson(input([], [1, 0, 4]), model).inputs['x']!.shape).toEqual([1, 0, 4]);
      expect(refusalOf(() => decodeJson(input([], [1, 0, 2 ** 31 - 1]), model))).toMatch(
        /^INVALID_TENSOR Input "x" has shape \[1, 0, 2147483647\]/,
      );
    });

    it('survives data and bodies nested 100,000 deep', () => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000);
      const inData = `{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":${deep}}]}`;
      expect(refusalOf(() => decodeJson(inData))).toMatch(/^INVALID_TENSOR .*input "x"/);
      expect(refusalOf(() => decodeJson(deep))).toMatch(/^INVALID_REQUEST The body is a list/);
      expect(refusalOf(() => decodeJson(deep.slice(0, 100_000)))).toMatch(/^MALFORMED_BODY/);
      const deepObject = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
      expect(
        decodeJson(`{"parameters":${deepObject},"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}`)
          .rows,
      ).toBe(1);
    });

    it.each([
      ['', 'EMPTY_BODY'],
      ['{', 'MALFORMED_BODY'],
      ['NaN', 'MALFORMED_BODY'],
      ['[]', 'INVALID_REQUEST'],
      ['null', 'INVALID_REQUEST'],
      ['"a"', 'INVALID_REQUEST'],
      ['{}', 'INVALID_REQUEST'],
      ['{"inputs":{}}', 'INVALID_REQUEST'],
      ['{"inputs":[null]}', 'INVALID_REQUEST'],
      ['{"inputs":[1]}', 'INVALID_REQUEST'],
      ['{"inputs":[{"name":1}]}', 'INVALID_REQUEST'],
      ['{"id":7,"inputs":[]}', 'INVALID_REQUEST'],
      ['{"parameters":[],"inputs":[]}', 'INVALID_REQUEST'],
      ['{"inputs":[]}', 'INVALID_TENSOR These inputs of the model are missing: "x"'],
      ['{"inputs":[{"name":"z"}]}', 'INVALID_TENSOR The model has no input "z"; it takes "x"'],
      ['{"inputs":[{"name":"x"}]}', 'INVALID_TENSOR Input "x" has no datatype; the model takes FP32'],
      [
        '{"inputs":[{"name":"x","datatype":"BF16"}]}',
        'INVALID_TENSOR Input "x" has datatype "BF16"; the model takes FP32',
      ],
      [
        '{"inputs":[{"name":"__proto__","datatype":"FP32","shape":[1,2],"data":[1,2]}]}',
        'INVALID_TENSOR The model has no input "__proto__"',
      ],
    ])('refuses %s', (text, refusal) => {
      expect(refusalOf(() => decodeJson(text))).toContain(refusal);
    });

    it('refuses JSON that is not UTF-8', () => {
      expect(refusalOf(() => decodeInferRequest(Buffer.from([0x7b, 0xff, 0x7d]), undefined, MATRIX))).toMatch(
        /^MALFORMED_BODY/,
      );
    });

    it('refuses an input given twice, and inputs that differ in rows', () => {
      const one = input([1, 2]).inputs[0];
      expect(refusalOf(() => decodeJson({ inputs: [one, one] }))).toBe('INVALID_TENSOR Input "x" is given twice.');
      const two = target([spec('a', 'FP32', [-1]), spec('b', 'FP32', [-1])]);
      const request = {
        inputs: [
          { name: 'a', datatype: 'FP32', shape: [2], data: [1, 2] },
          { name: 'b', datatype: 'FP32', shape: [3], data: [1, 2, 3] },
        ],
      };
      expect(refusalOf(() => decodeJson(request, two))).toMatch(/^INVALID_TENSOR Input "b" has 3 row/);
      expect(decodeJson(request, { ...two, hasRows: false }).rows).toBe(1);
    });

    it('bounds the rows', () => {
      expect(refusalOf(() => decodeJson(input([], [0, 2])))).toMatch(/^NO_ROWS Input "x"/);
      expect(refusalOf(() => decodeJson(input([], [101, 2])))).toMatch(
        /^TOO_MANY_ROWS Input "x" has 101 rows; at most 100/,
      );
    });
  });

  describe('what is asked of the answer', () => {
    const all = [
      { name: 'y', binary: false, classification: 0 },
      { name: 'label', binary: false, classification: 0 },
    ];
    const wanted = (request: object) => decodeJson({ ...input([1, 2]), ...request });

    it.each([
      [{}],
      [{ outputs: [] }],
      [{ outputs: null }],
      [{ parameters: {} }],
      [{ parameters: null }],
      [{ parameters: { content_type: 'np' } }],
    ])('is everything as JSON: %j', (request) => {
      expect(wanted(request)).toMatchObject({ id: undefined, timeoutMs: undefined, outputs: all });
    });

    it('is the outputs named, in their order, each in its form', () => {
      const outputs = [
        { name: 'label', parameters: { binary_data: false } },
        { name: 'y', parameters: { classification: 3 } },
      ];
      expect(wanted({ outputs, parameters: { binary_data_output: true } }).outputs).toEqual([
        { name: 'label', binary: false, classification: 0 },
        { name: 'y', binary: true, classification: 3 },
      ]);
    });

    it('is its id and its timeout, in microseconds', () => {
      expect(wanted({ id: 'a "b"', parameters: { timeout: 1500, priority: 0, sequence_id: 0 } })).toMatchObject({
        id: 'a "b"',
        timeoutMs: 1.5,
      });
      expect(wanted({ parameters: { timeout: 0 } }).timeoutMs).toBeUndefined();
    });

    it.each([
      [{ parameters: { priority: 1 } }, 'UNSUPPORTED_PARAMETER "priority"'],
      [{ parameters: { sequence_id: 42, sequence_start: true } }, 'UNSUPPORTED_PARAMETER "sequence_id"'],
      [{ parameters: { timeout: -1 } }, 'INVALID_REQUEST The request has -1 as parameter "timeout"'],
      [{ parameters: { timeout: '5' } }, 'INVALID_REQUEST The request has "5" as parameter "timeout"'],
      [
        { parameters: { binary_data_output: 1 } },
        'INVALID_REQUEST The request has 1 as parameter "binary_data_output"',
      ],
      [{ outputs: {} }, 'INVALID_REQUEST "outputs" is an object'],
      [{ outputs: [{}] }, 'INVALID_REQUEST outputs[0] has no name'],
      [{ outputs: [null] }, 'INVALID_REQUEST outputs[0] has no name'],
      [{ outputs: [{ name: 'z' }] }, 'INVALID_TENSOR The model has no output "z"; it has "y", "label"'],
      [{ outputs: [{ name: 'y' }, { name: 'y' }] }, 'INVALID_REQUEST Output "y" is asked for twice'],
      [{ outputs: [{ name: 'y', parameters: { classification: -1 } }] }, 'INVALID_REQUEST Output "y" has -1'],
      [
        { outputs: [{ name: 'label', parameters: { classification: 1 } }] },
        'UNSUPPORTED_PARAMETER Output "label" is of datatype BYTES',
      ],
      [
        { outputs: [{ name: 'y', parameters: { shared_memory_region: 'a' } }] },
        'UNSUPPORTED_PARAMETER Output "y" has the parameter "shared_memory_region"',
      ],
      [
        {
          inputs: [
            {
              name: 'x',
              datatype: 'FP32',
              shape: [1, 2],
              parameters: { shared_memory_region: 'a', shared_memory_byte_size: 8 },
            },
          ],
        },
        'UNSUPPORTED_PARAMETER Input "x"',
      ],
    ])('refuses %j', (request, refusal) => {
      expect(refusalOf(() => wanted(request))).toContain(refusal);
    });
  });

  describe('binary data', () => {
    it('reads tensors in the order of the inputs, between inputs of JSON', () => {
      const model = target([
        spec('a', 'INT64', [-1]),
        spec('b', 'BYTES', [-1]),
        spec('c', 'FP32', [-1]),
        spec('d', 'BOOL', [-1]),
      ]);
      const request = {
        inputs: [
          binaryInput(2, [2], 'BOOL', 'd'),
          binaryInput(12, [2], 'BYTES', 'b'),
          { name: 'c', datatype: 'FP32', shape: [2], data: [1, 2] },
          binaryInput(16, [2], 'INT64', 'a'),
        ],
      };
      const strings = Buffer.from([0, 0, 0, 0, 4, 0, 0, 0, 0x5a, 0xc3, 0xbc, 0x72]);
      const { inputs, rows } = decodeBinary(
        request,
        model,
        new Uint8Array([1, 0]),
        strings,
        new Uint8Array(new BigInt64Array([-1n, 2n ** 62n]).buffer),
      );
      expect(inputs).toEqual({
        a: { datatype: 'INT64', shape: [2], data: new BigInt64Array([-1n, 2n ** 62n]) },
        b: { datatype: 'BYTES', shape: [2], data: ['', 'Zür'] },
        c: { datatype: 'FP32', shape: [2], data: new Float32Array([1, 2]) },
        d: { datatype: 'BOOL', shape: [2], data: new Uint8Array([1, 0]) },
      });
      expect(rows).toBe(2);
    });

    it('keeps NaN and infinities', () => {
      const bytes = new Uint8Array(new Float32Array([NaN, -Infinity]).buffer);
      expect(decodeBinary({ inputs: [binaryInput(8, [1, 2], 'FP32')] }, MATRIX, bytes).inputs['x']!.data).toEqual(
        new Float32Array([NaN, -Infinity]),
      );
    });

    it('looks at aligned bytes where they lie and copies others', () => {
      const json = JSON.stringify({ inputs: [binaryInput(8, [1, 2], 'FP32')] });
      for (const padding of [0, 1, 2, 3]) {
        const text = json.padEnd(Math.ceil(json.length / 4) * 4 + padding);
        const body = Buffer.from(new ArrayBuffer(text.length + 8));
        body.write(text);
        body.writeFloatLE(1.5, text.length + 4);
        const { data } = decodeInferRequest(body, text.length, MATRIX).inputs['x']!;
        expect(data).toEqual(new Float32Array([0, 1.5]));
        expect((data as Float32Array).buffer === body.buffer).toBe(padding === 0);
      }
    });

    it.each([
      [binaryInput(7, [1, 2], 'FP32'), 8, 'INVALID_TENSOR Input "x" has 7 byte(s) of data; shape [1, 2] of FP32 has 8'],
      [binaryInput(9, [1, 2], 'FP32'), 8, 'MALFORMED_BODY Input "x" has a "binary_data_size" of 9, but only 8 byte(s)'],
      [binaryInput(8, [1, 2], 'FP32'), 9, 'MALFORMED_BODY The body has 1 byte(s) after'],
      [binaryInput(-8, [1, 2], 'FP32'), 8, 'INVALID_REQUEST Input "x" has -8 as parameter "binary_data_size"'],
      [binaryInput('8', [1, 2], 'FP32'), 8, 'INVALID_REQUEST Input "x" has "8" as parameter "binary_data_size"'],
      [binaryInput(2 ** 53, [1, 2], 'FP32'), 8, 'INVALID_REQUEST Input "x"'],
      [{ ...binaryInput(8, [1, 2], 'FP32'), data: [1, 2] }, 8, 'INVALID_REQUEST Input "x" has both'],
    ])('refuses %j with %i bytes', (entry, bytes, refusal) => {
      expect(refusalOf(() => decodeBinary({ inputs: [entry] }, MATRIX, new Uint8Array(bytes)))).toContain(refusal);
    });

    it.each([
      ['BOOL', [1], [2], 'Element 0 of input "x" is the byte 2'],
      ['BYTES', [2], [1, 0, 0, 0, 65], 'ends within element 1; shape [2]'],
      ['BYTES', [1], [2, 0, 0, 0, 65], 'ends within element 0'],
      ['BYTES', [1], [255, 255, 255, 255, 65], 'ends within element 0'],
      ['BYTES', [100], [0, 0, 0, 0, 0, 0, 0, 0], 'ends within element 2'],
      ['BYTES', [1], [0, 0, 0, 0, 65], '1 byte(s) after the 1 element(s)'],
      ['BYTES', [1], [1, 0, 0, 0, 0xff], 'Element 0 of input "x" is not UTF-8'],
      ['BYTES', [1], [1, 0, 0, 0, 0], 'Element 0 of input "x" is not UTF-8 without NUL'],
    ] as [Datatype, number[], number[], string][])('refuses %s %j of %j', (datatype, shape, bytes, refusal) => {
      const request = { inputs: [binaryInput(bytes.length, shape, datatype)] };
      expect(refusalOf(() => decodeBinary(request, of(datatype), new Uint8Array(bytes)))).toContain(refusal);
    });

    it('needs the header, and a header within the body', () => {
      expect(refusalOf(() => decodeJson({ inputs: [binaryInput(0, [1, 2], 'FP32')] }))).toMatch(
        /^INVALID_REQUEST .*Inference-Header-Content-Length is missing/,
      );
      expect(refusalOf(() => decodeInferRequest(Buffer.from('{}'), 3, MATRIX))).toMatch(
        /^MALFORMED_BODY Inference-Header-Content-Length is 3, but the body has 2/,
      );
    });
  });

  describe('a body without JSON', () => {
    const raw = (model: InferTarget, body: Uint8Array) => decodeInferRequest(Buffer.from(body), 0, model);
    const floats = new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6]).buffer);

    it.each([
      [
        [-1, 2],
        [3, 2],
      ],
      [[-1], [6]],
      [
        [3, -1],
        [3, 2],
      ],
      [
        [-1, -1],
        [1, 6],
      ],
      [
        [-1, 3, -1],
        [1, 3, 2],
      ],
      [[6], [6]],
    ])('is the only input, of shape %j, as %j', (shape, read) => {
      const { inputs, outputs } = raw(target([spec('x', 'FP32', shape)], { hasRows: false }), floats);
      expect(inputs['x']).toEqual({ datatype: 'FP32', shape: read, data: new Float32Array([1, 2, 3, 4, 5, 6]) });
      expect(outputs.every(({ binary }) => binary)).toBe(true);
    });

    it('is one string, without its length', () => {
      expect(raw(of('BYTES', [-1, 1]), Buffer.from('427')).inputs['x']).toEqual({
        datatype: 'BYTES',
        shape: [1, 1],
        data: ['427'],
      });
    });

    it.each([
      [target([]), 'this model has 0'],
      [target([spec('a', 'FP32', [-1]), spec('b', 'FP32', [-1])]), 'this model has 2'],
      [of('FP32', [-1, -1, -1]), 'leaves more than one dimension open'],
      [of('FP32', [-1, 4]), 'no multiple of the 16'],
      [of('BYTES', [-1, 2]), 'holds one string'],
      [of('FP32', [4]), 'has 24 byte(s) of data'],
      [of('FP32', [0, -1]), 'no multiple of the 0'],
    ])('is refused where it cannot be (%#)', (model, refusal) => {
      expect(refusalOf(() => raw({ ...model, hasRows: false }, floats))).toContain(refusal);
    });

    it('has rows where the model has', () => {
      expect(refusalOf(() => raw(MATRIX, new Uint8Array(0)))).toMatch(/^NO_ROWS/);
    });
  });
});
