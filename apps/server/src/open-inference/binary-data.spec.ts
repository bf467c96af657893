import { describe, expect, it } from '@jest/globals';
import type { Datatype } from '#tensor';
import { decodeInferRequest } from './decode-request.ts';
import { binaryInput, decodeBinary, decodeJson, MATRIX, refusalOf, spec, takes, target } from './testing/requests.ts';

describe('data as bytes', () => {
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
    expect(refusalOf(() => decodeBinary(request, takes(datatype), new Uint8Array(bytes)))).toContain(refusal);
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
