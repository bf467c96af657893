import { describe, expect, it } from '@jest/globals';
import type { Tensor, Tensors } from '#tensor';
import { type Answerer, encodeInferResponse } from './encode-response.ts';

const ANSWERER: Answerer = { name: 'm', version: '3', hasRows: true, labels: undefined };

const tensor = (datatype: string, shape: number[], data: unknown) => ({ datatype, shape, data }) as Tensor;

function encode(
  outputs: Tensors,
  {
    id,
    answerer = ANSWERER,
    ...form
  }: { id?: string; binary?: boolean; classification?: number; answerer?: Answerer } = {},
) {
  const requested = Object.keys(outputs).map((name) => ({ name, binary: false, classification: 0, ...form }));
  return encodeInferResponse({ id, outputs: requested }, outputs, answerer);
}

describe('encodeInferResponse', () => {
  it('names the model, its version and the request', () => {
    const { json } = encode({ y: tensor('FP32', [1, 2], new Float32Array([1.5, -2])) }, { id: 'a "b"' });
    expect(JSON.parse(json)).toEqual({
      model_name: 'm',
      model_version: '3',
      id: 'a "b"',
      outputs: [{ name: 'y', datatype: 'FP32', shape: [1, 2], data: [1.5, -2] }],
    });
    expect(JSON.parse(encode({}).json)).toEqual({ model_name: 'm', model_version: '3', outputs: [] });
  });

  it('writes 64-bit integers with every digit', () => {
    const data = new BigInt64Array([2n ** 63n - 1n, -9007199254740993n]);
    expect(encode({ y: tensor('INT64', [2], data) }).json).toContain('"data":[9223372036854775807,-9007199254740993]');
  });

  it('writes null for what JSON has not, and says so', () => {
    const answer = JSON.parse(
      encode({
        y: tensor('FP32', [3], new Float32Array([NaN, 1, -Infinity])),
        half: tensor('FP16', [2], new Uint16Array([0x7c00, 0x3c00])),
        sound: tensor('FP32', [1], new Float32Array([1])),
      }).json,
    );
    expect(answer.outputs.map(({ data }: { data: unknown }) => data)).toEqual([[null, 1, null], [null, 1], [1]]);
    expect(answer.parameters.warning).toMatch(/^y: 2 element\(s\) are .*; half: 1 element\(s\) are [^;]*; binary data/);
    // Triton's C++ client takes any parameters of an output for those of a binary output.
    for (const output of answer.outputs) expect(output.parameters).toBeUndefined();
  });

  it('writes booleans as booleans and strings as strings', () => {
    const { outputs } = JSON.parse(
      encode({ b: tensor('BOOL', [2], new Uint8Array([1, 0])), s: tensor('BYTES', [1], ['Zür"ich']) }).json,
    );
    expect(outputs[0].data).toEqual([true, false]);
    expect(outputs[1].data).toEqual(['Zür"ich']);
  });

  it('hands on bytes as they lie, with their number in the JSON', () => {
    const data = new Float32Array([0, NaN, 2]).subarray(1);
    const { json, binary } = encode(
      { y: tensor('FP32', [2], data), s: tensor('BYTES', [2], ['é', '']) },
      { binary: true },
    );
    expect(JSON.parse(json).outputs.map((output: { parameters: unknown }) => output.parameters)).toEqual([
      { binary_data_size: 8 },
      { binary_data_size: 10 },
    ]);
    expect(binary[0]!.buffer).toBe(data.buffer);
    expect([...binary[1]!]).toEqual([2, 0, 0, 0, 0xc3, 0xa9, 0, 0, 0, 0]);
  });

  describe('classification', () => {
    const scores = tensor('FP32', [2, 4], new Float32Array([1, 5, 10, 4, 0.5, NaN, 0.5, -1]));
    const dataOf = (response: { json: string }) => JSON.parse(response.json).outputs[0];

    it('is the highest of each row, equals by index, NaN last', () => {
      expect(dataOf(encode({ y: scores }, { classification: 2 }))).toEqual({
        name: 'y',
        datatype: 'BYTES',
        shape: [2, 2],
        data: ['10:2', '5:1', '0.5:0', '0.5:2'],
      });
      expect(dataOf(encode({ y: scores }, { classification: 9 }))).toMatchObject({
        shape: [2, 4],
        data: ['10:2', '5:1', '4:3', '1:0', '0.5:0', '0.5:2', '-1:3', 'NaN:1'],
      });
    });

    it('is of the whole tensor where the model has no rows', () => {
      expect(
        dataOf(encode({ y: scores }, { classification: 1, answerer: { ...ANSWERER, hasRows: false } })),
      ).toMatchObject({ shape: [1], data: ['10:2'] });
    });

    it('has labels where there is one for each class', () => {
      const labelled = (labels: string[]) =>
        dataOf(encode({ y: scores }, { classification: 1, answerer: { ...ANSWERER, labels } })).data;
      expect(labelled(['a', 'b', 'c', 'd'])).toEqual(['10:2:c', '0.5:0:a']);
      expect(labelled(['a', 'b'])).toEqual(['10:2', '0.5:0']);
    });

    it.each([
      ['INT64', new BigInt64Array([1n, 9007199254740993n, 9007199254740992n]), '9007199254740993:1'],
      ['FP16', new Uint16Array([0x0000, 0xbc00, 0x3c00]), '1:2'],
    ])('compares %s by its own values', (datatype, data, expected) => {
      expect(dataOf(encode({ y: tensor(datatype, [1, 3], data) }, { classification: 1 })).data).toEqual([expected]);
    });

    it('can be binary', () => {
      expect(encode({ y: scores }, { classification: 1, binary: true }).binary[0]!.length).toBe(
        4 + '10:2'.length + 4 + '0.5:0'.length,
      );
    });
  });
});
