import { describe, expect, it } from '@jest/globals';
import { decodeInferRequest } from './decode-request.ts';
import { decodeJson, input, MATRIX, refusalOf, spec, target } from './testing/requests.ts';

describe('decodeInferRequest', () => {
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

  it('refuses an input given twice', () => {
    const one = input([1, 2]).inputs[0];
    expect(refusalOf(() => decodeJson({ inputs: [one, one] }))).toBe('INVALID_TENSOR Input "x" is given twice.');
  });

  it('takes inputs whose first dimensions differ, or are empty, as they are', () => {
    const two = target([spec('a', 'FP32', [-1]), spec('b', 'FP32', [-1])]);
    const request = {
      inputs: [
        { name: 'a', datatype: 'FP32', shape: [2], data: [1, 2] },
        { name: 'b', datatype: 'FP32', shape: [3], data: [1, 2, 3] },
      ],
    };
    expect(decodeJson(request, two)).toMatchObject({ rows: 3, whole: true });
    expect(decodeJson(request, { ...two, hasRows: false })).toMatchObject({ rows: 1, whole: false });
    expect(decodeJson(input([], [0, 2]))).toMatchObject({ rows: 0, whole: true });
    expect(decodeJson(input([1, 2]))).toMatchObject({ rows: 1, whole: false });
    const oneAtATime = { ...two, oneAtATime: true };
    expect(refusalOf(() => decodeJson(request, oneAtATime))).toMatch(/^INVALID_TENSOR Input "b" has 3 row/);
    expect(refusalOf(() => decodeJson(input([], [0, 2]), { ...MATRIX, oneAtATime: true }))).toMatch(
      /^NO_ROWS Input "x"/,
    );
    expect(decodeJson(input([1, 2]), { ...MATRIX, oneAtATime: true })).toMatchObject({ rows: 1, whole: true });
  });

  it('bounds the rows', () => {
    expect(refusalOf(() => decodeJson(input([], [101, 2])))).toMatch(
      /^TOO_MANY_ROWS Input "x" has 101 rows; at most 100/,
    );
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
      [{ outputs: [{ name: 'y' }, { name: 'y' }] }, 'INVALID_REQUEST Output "y" is requested twice'],
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
});
