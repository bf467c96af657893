import { beforeEach, describe, expect, it } from '@jest/globals';
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { get, serve, sharedServer } from '../serve.ts';
import {
  binaryBody,
  bytesOf,
  goldenOf,
  type GoldenTensor,
  jsonOf,
  modelsFolder,
  type RawAnswer,
  send,
} from './open-inference-client.ts';

const DATATYPES = [
  'bool',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'int8',
  'int16',
  'int32',
  'int64',
  'fp16',
  'fp32',
  'fp64',
  'string',
];
const IDENTITIES = DATATYPES.map((datatype) => `test/models/identity-${datatype}`);

const x = (data: unknown, shape: unknown, datatype = 'FP32') => ({ inputs: [{ name: 'x', datatype, shape, data }] });
const binaryInput = ({ name, datatype, shape, data }: GoldenTensor) => ({
  name,
  datatype,
  shape,
  parameters: { binary_data_size: bytesOf({ name, datatype, shape, data }).length },
});

/** Serves these models; the function posts to one of them. */
async function inferOn(models: readonly string[], env: Record<string, string> = {}, start = sharedServer) {
  const { url } = await start({ MODELS: modelsFolder(...models), ...env });
  const infer = (
    model: string,
    body: object | string | Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<RawAnswer> =>
    send(
      `${url}/v2/models/${model}/infer`,
      typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      headers,
    );
  return { url, infer };
}

describe('POST /v2/models/{name}/infer', () => {
  describe('carries every datatype in both directions', () => {
    let infer: Awaited<ReturnType<typeof inferOn>>['infer'];
    beforeEach(async () => ({ infer } = await inferOn(IDENTITIES)));

    it('as JSON, every digit kept', async () => {
      for (const datatype of DATATYPES) {
        const { inputs, outputs } = goldenOf(`identity-${datatype}`);
        const { status, body } = await infer(`identity-${datatype}`, `{"inputs":[${inputs.map(jsonOf).join()}]}`);
        expect(status).toBe(200);
        const data = (text: string) => text.slice(text.indexOf('"data":') + 7).replace(/\}(?:\]\})?$/, '');
        if (datatype === 'fp32' || datatype === 'fp16' || datatype === 'fp64') {
          expect(JSON.parse(data(body.toString())).map(Math.fround)).toEqual(
            JSON.parse(data(jsonOf(outputs[0]!))).map(Math.fround),
          );
        } else expect(data(body.toString())).toBe(data(jsonOf(outputs[0]!)));
      }
    });

    it('as bytes', async () => {
      for (const datatype of DATATYPES) {
        const { inputs, outputs } = goldenOf(`identity-${datatype}`);
        const { body, headers } = binaryBody(
          { inputs: inputs.map(binaryInput), parameters: { binary_data_output: true } },
          ...inputs.map(bytesOf),
        );
        const answer = await infer(`identity-${datatype}`, body, headers);
        expect(answer.status).toBe(200);
        expect(answer.headers['content-type']).toBe('application/octet-stream');
        expect(answer.json.outputs).toEqual([{ ...binaryInput(outputs[0]!), name: 'y' }]);
        expect(answer.rest).toEqual(Buffer.from(bytesOf(outputs[0]!)));
      }
    });

    it('as a body without JSON', async () => {
      const { inputs } = goldenOf('identity-int64');
      const answer = await infer('identity-int64', bytesOf(inputs[0]!), { 'inference-header-content-length': '0' });
      expect(answer.status).toBe(200);
      expect(answer.json.outputs[0].shape).toEqual([3, 2]);
      expect(answer.rest).toEqual(Buffer.from(bytesOf(inputs[0]!)));
    });
  });

  describe('several inputs and outputs', () => {
    const golden = goldenOf('several');

    it('are mixed as the request says: inputs and outputs, JSON and bytes', async () => {
      const { infer } = await inferOn(['test/models/several']);
      const [sides, count] = golden.inputs as [GoldenTensor, GoldenTensor];
      const request = {
        id: 'mixed',
        inputs: [binaryInput(count), { ...sides }],
        outputs: [
          { name: 'next', parameters: { binary_data: true } },
          { name: 'total', parameters: { binary_data: false } },
        ],
        parameters: { binary_data_output: true },
      };
      const { body, headers } = binaryBody(request, bytesOf(count));
      const answer = await infer('several', body, headers);
      expect(answer.json).toEqual({
        model_name: 'several',
        model_version: '1',
        id: 'mixed',
        outputs: [
          { name: 'next', datatype: 'INT64', shape: [2, 1], parameters: { binary_data_size: 16 } },
          { name: 'total', datatype: 'FP32', shape: [2], data: [3, 7.5] },
        ],
      });
      expect(answer.rest).toEqual(Buffer.from(bytesOf(golden.outputs.find(({ name }) => name === 'next')!)));
    });

    it('binary_data_output applies to listed outputs that do not override it', async () => {
      const { infer } = await inferOn(['test/models/several']);
      const request = `{"inputs":[${golden.inputs.map(jsonOf).join()}],"outputs":[{"name":"total"}],"parameters":{"binary_data_output":true}}`;
      expect((await infer('several', request)).rest).toEqual(Buffer.from(new Float32Array([3, 7.5]).buffer));
    });
  });

  it('serves a model with a scalar input, request by request', async () => {
    const { infer } = await inferOn(['test/models/scalars']);
    const { inputs } = goldenOf('scalars');
    const { status, json } = await infer('scalars', `{"inputs":[${inputs.map(jsonOf).join()}]}`);
    expect(status).toBe(200);
    expect(json.outputs).toEqual([
      { name: 'y', datatype: 'FP32', shape: [3], data: [2, 4, 7] },
      { name: 'sum', datatype: 'FP32', shape: [], data: [13] },
    ]);
  });

  it('returns NaN and infinities as null with a warning in JSON, and unchanged in bytes', async () => {
    const { infer } = await inferOn(['test/models/not-finite']);
    const request = { ...x([1, 0, -1, 4], [4, 1]), outputs: [{ name: 'log' }] };
    const asJson = await infer('not-finite', request);
    expect(asJson.json.outputs[0].data.slice(0, 3)).toEqual([0, null, null]);
    expect(asJson.json.parameters.warning).toMatch(/^\w+: 2 element/);
    const asBytes = await infer('not-finite', { ...request, parameters: { binary_data_output: true } });
    expect([0, 4, 8].map((at) => asBytes.rest.readFloatLE(at))).toEqual([0, -Infinity, NaN]);
  });

  it('returns the best classes with their labels', async () => {
    const { infer } = await inferOn(['models/wine', 'models/housing']);
    const { json } = await infer('wine', {
      inputs: await wineInputs(),
      outputs: [{ name: 'probabilities', parameters: { classification: 2 } }],
    });
    expect(json.outputs).toEqual([
      {
        name: 'probabilities',
        datatype: 'BYTES',
        shape: [1, 2],
        data: [expect.stringMatching(/^0\.\d+:0:class_0$/), expect.stringMatching(/^[\d.e-]+:\d:class_\d$/)],
      },
    ]);
  });

  it('answers concurrent requests with their own rows, and counts them', async () => {
    const { url, infer } = await inferOn(['test/models/identity-int64'], {}, serve);
    const values = Array.from({ length: 100 }, (_, at) => at);
    const answers = await Promise.all(
      values.map((value) => infer('identity-int64', { id: String(value), ...x([value, -value], [1, 2], 'INT64') })),
    );
    expect(answers.map(({ json }) => [json.id, json.outputs[0].data])).toEqual(
      values.map((value) => [String(value), [value, value === 0 ? 0 : -value]]),
    );
    await infer('identity-int64', x(['1', 2], [1, 2], 'INT64'));
    const [stats] = (await get(`${url}/v2/models/identity-int64/stats`)).json.model_stats;
    expect(stats).toMatchObject({
      name: 'identity-int64',
      version: '1',
      inference_count: 100,
      inference_stats: { success: { count: 100 }, fail: { count: 1 }, queue: { count: 100 } },
    });
    expect(stats.execution_count).toBeLessThanOrEqual(100);
    expect(
      stats.batch_stats.reduce((rows: number, one: any) => rows + one.batch_size * one.compute_infer.count, 0),
    ).toBe(100);
    expect(stats.last_inference).toBeGreaterThan(Date.now() - 60_000);
  });

  describe('bodies', () => {
    const request = JSON.stringify(x([1, 2], [1, 2]));
    let infer: Awaited<ReturnType<typeof inferOn>>['infer'];
    beforeEach(async () => ({ infer } = await inferOn(['test/models/identity-fp32'], { MAX_BODY_BYTES: '100000' })));

    it('are read with any content type, or without one', async () => {
      for (const headers of [
        {},
        { 'content-type': 'application/json' },
        { 'content-type': 'application/x-www-form-urlencoded' },
        { 'content-type': 'application/octet-stream' },
      ]) {
        expect(await infer('identity-fp32', request, headers as Record<string, string>)).toMatchObject({ status: 200 });
      }
    });

    it('are read in chunks', async () => {
      expect(await infer('identity-fp32', request, { 'transfer-encoding': 'chunked' })).toMatchObject({ status: 200 });
      const { body, headers } = binaryBody(
        { inputs: [{ name: 'x', datatype: 'FP32', shape: [5000, 2], parameters: { binary_data_size: 40_000 } }] },
        new Uint8Array(40_000),
      );
      expect(await infer('identity-fp32', body, { ...headers, 'transfer-encoding': 'chunked' })).toMatchObject({
        status: 200,
      });
    });

    it('are decompressed, and their lengths are those before compression', async () => {
      const { body, headers } = binaryBody(
        { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } }] },
        new Uint8Array(new Float32Array([1, 2]).buffer),
      );
      for (const [encoding, compress] of [
        ['gzip', gzipSync],
        ['deflate', deflateSync],
      ] as const) {
        expect(
          (await infer('identity-fp32', compress(request), { 'content-encoding': encoding })).json.outputs[0].data,
        ).toEqual([1, 2]);
        expect(
          (await infer('identity-fp32', compress(body), { ...headers, 'content-encoding': encoding })).json.outputs[0]
            .data,
        ).toEqual([1, 2]);
      }
    });

    it.each([
      ['gzip', Buffer.from('no gzip'), 400, /could not be decompressed as "gzip"/],
      ['gzip', gzipSync(request).subarray(0, 20), 400, /could not be decompressed/],
      ['deflate', Buffer.from(request), 400, /could not be decompressed as "deflate"/],
      ['br', Buffer.from(request), 415, /Content-Encoding "br"/],
      ['gzip', gzipSync(Buffer.alloc(10_000_000, ' ')), 413, /more than 100000 bytes/],
    ] as const)('that %s cannot be or bursts are refused (%#)', async (encoding, body, status, error) => {
      const answer = await infer('identity-fp32', body, { 'content-encoding': encoding });
      expect(answer).toMatchObject({ status, json: { error: expect.stringMatching(error) } });
    });

    it('that are too large are rejected, by their length or during the upload', async () => {
      expect(await infer('identity-fp32', ' '.repeat(100_001))).toMatchObject({ status: 413 });
      expect(await infer('identity-fp32', ' '.repeat(100_001), { 'transfer-encoding': 'chunked' })).toMatchObject({
        status: 413,
      });
    });

    it('get compressed responses on request', async () => {
      const zeros = JSON.stringify(
        x(
          Array.from({ length: 4000 }, () => 0),
          [2000, 2],
        ),
      );
      const plain = await infer('identity-fp32', zeros);
      expect(plain.headers['content-encoding']).toBeUndefined();
      for (const [accepted, encoding, open] of [
        ['gzip, deflate', 'gzip', gunzipSync],
        ['deflate', 'deflate', inflateSync],
        ['deflate, gzip', 'gzip', gunzipSync],
        ['gzip;q=0.1, deflate', 'deflate', inflateSync],
      ] as const) {
        const answer = await infer('identity-fp32', zeros, { 'accept-encoding': accepted });
        expect(answer.headers['content-encoding']).toBe(encoding);
        expect(open(answer.body)).toEqual(plain.body);
      }
      for (const accepted of ['br', 'gzip;q=0', 'identity']) {
        expect(
          (await infer('identity-fp32', zeros, { 'accept-encoding': accepted })).headers['content-encoding'],
        ).toBeUndefined();
      }
      expect(
        (await infer('identity-fp32', request, { 'accept-encoding': 'gzip' })).headers['content-encoding'],
      ).toBeUndefined();
    });

    it.each(['-1', '1.5', 'x', '1e3', '99999'])('Inference-Header-Content-Length: %s is rejected', async (length) => {
      expect(await infer('identity-fp32', request, { 'inference-header-content-length': length })).toMatchObject({
        status: 400,
      });
    });
  });

  describe('survives what crashes or confuses other servers', () => {
    let infer: Awaited<ReturnType<typeof inferOn>>['infer'];
    beforeEach(async () => ({ infer } = await inferOn(['test/models/identity-fp32', 'test/models/identity-int8'])));

    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    it.each([
      ['JSON nested 100,000 deep', 'identity-fp32', deep, 422],
      [
        'data nested 100,000 deep',
        'identity-fp32',
        `{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":${deep}}]}`,
        422,
      ],
      [
        'a shape beyond memory',
        'identity-fp32',
        '{"inputs":[{"name":"x","datatype":"FP32","shape":[9223372036854775807,16],"data":[1,2]}]}',
        422,
      ],
      ['no JSON', 'identity-fp32', '{"inputs":', 400],
      ['an integer out of range', 'identity-int8', JSON.stringify(x([300, 1], [1, 2], 'INT8')), 422],
      [
        'a number beyond FP32',
        'identity-fp32',
        '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1e39,0]}]}',
        422,
      ],
      ['a string for a number', 'identity-fp32', JSON.stringify(x(['1', 2], [1, 2])), 422],
      ['NaN as JSON', 'identity-fp32', '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[NaN,1]}]}', 400],
      ['BF16', 'identity-fp32', JSON.stringify(x([1, 2], [1, 2], 'BF16')), 422],
      ["a datatype that is not the model's", 'identity-fp32', JSON.stringify(x([1, 2], [1, 2], 'FP64')), 422],
      ['too few elements', 'identity-fp32', JSON.stringify(x([1], [1, 2])), 422],
      ['a list for a body', 'identity-fp32', '[]', 422],
      ['an empty body', 'identity-fp32', '', 400],
    ])('%s', async (_case, model, body, status) => {
      const answer = await infer(model, body);
      expect(answer.status).toBe(status);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(Object.keys(answer.json)).toEqual(['error']);
      if (body.includes('"inputs":[{') && status === 422) expect(answer.json.error).toContain('"x"');
      expect(await infer('identity-fp32', x([1, 2], [1, 2]))).toMatchObject({ status: 200 });
    });
  });

  it('stops at the timeout of the request', async () => {
    const { url, infer } = await inferOn(['test/models/slow']);
    const [input] = (await get(`${url}/v2/models/slow`)).json.inputs;
    const request = (timeout?: number) => ({
      inputs: [{ ...input, shape: input.shape.map((size: number) => Math.abs(size)), data: [400] }],
      ...(timeout !== undefined && { parameters: { timeout } }),
    });
    const first = infer('slow', request());
    const late = await infer('slow', request(1));
    expect(late).toMatchObject({ status: 504, json: { error: expect.any(String) } });
    expect(await first).toMatchObject({ status: 200 });
  });

  it('returns large tensors unchanged, and frees their memory with the response', async () => {
    const { infer } = await inferOn(['test/models/identity-fp64'], {
      MAX_ROWS: '100000',
      MAX_BATCH_ROWS: '65536',
    });
    const tensors = Array.from({ length: 6 }, (_, seed) =>
      Float64Array.from({ length: 140_000 }, (_value, at) => seed + at / 7),
    );
    await Promise.all(
      tensors.map(async (tensor) => {
        const bytes = new Uint8Array(tensor.buffer);
        const input = {
          name: 'x',
          datatype: 'FP64',
          shape: [70_000, 2],
          parameters: { binary_data_size: bytes.length },
        };
        const { body, headers } = binaryBody({ inputs: [input], parameters: { binary_data_output: true } }, bytes);
        const answer = await infer('identity-fp64', body, headers);
        expect(answer.status).toBe(200);
        expect(answer.rest.equals(bytes)).toBe(true);
        const wrong = binaryBody({ inputs: [input, { name: 'z' }] }, bytes);
        expect(await infer('identity-fp64', wrong.body, wrong.headers)).toMatchObject({ status: 422 });
      }),
    );
  });

  it('aborts large requests without traces in the memory of later ones', async () => {
    const { infer } = await inferOn(['test/models/identity-fp64'], { MAX_ROWS: '100000', MAX_QUEUE_MS: '60000' });
    const ask = async (seed: number, timeout: number) => {
      const bytes = new Uint8Array(Float64Array.from({ length: 140_000 }, (_, at) => seed + at / 7).buffer);
      const parameters = { binary_data_output: true, timeout };
      const input = { name: 'x', datatype: 'FP64', shape: [70_000, 2], parameters: { binary_data_size: bytes.length } };
      const { body, headers } = binaryBody({ inputs: [input], parameters }, bytes);
      const { status, rest } = await infer('identity-fp64', body, headers);
      return { status, isOwn: status !== 200 || rest.equals(bytes) };
    };
    const answers = await Promise.all(Array.from({ length: 24 }, (_, at) => ask(at, at % 2 === 0 ? 1 : 10_000_000)));
    expect(answers.filter(({ isOwn }) => !isOwn)).toEqual([]);
    expect(answers.filter((_, at) => at % 2 === 1).map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(answers.some(({ status }) => status === 504)).toBe(true);
  });

  it('returns one large tensor that runs alone', async () => {
    const { infer } = await inferOn(['test/models/identity-fp64'], {
      MAX_ROWS: '100000',
      MAX_BATCH_ROWS: '65536',
      EXECUTION: 'inline',
    });
    const bytes = new Uint8Array(Float64Array.from({ length: 131_072 }, (_, at) => at / 7).buffer);
    const input = { name: 'x', datatype: 'FP64', shape: [65_536, 2], parameters: { binary_data_size: bytes.length } };
    const { body, headers } = binaryBody({ inputs: [input], parameters: { binary_data_output: true } }, bytes);
    expect((await infer('identity-fp64', body, headers)).rest.equals(bytes)).toBe(true);
  });

  it('knows versions by their paths', async () => {
    const { url } = await inferOn(['test/models/two-versions']);
    const body = JSON.stringify(x([1], [1, 1]));
    const answers = await Promise.all(
      ['', '/versions/1', '/versions/2', '/versions/3'].map((path) =>
        send(`${url}/v2/models/two-versions${path}/infer`, body),
      ),
    );
    expect(answers.map(({ status, json }) => [status, json.model_version])).toEqual([
      [200, '2'],
      [200, '1'],
      [200, '2'],
      [404, undefined],
    ]);
    expect(answers[0]!.json.outputs).toEqual(answers[2]!.json.outputs);
    expect(answers[0]!.json.outputs).not.toEqual(answers[1]!.json.outputs);
  });
});

/** The inputs of the wine model's first example, as its metadata names them. */
async function wineInputs(): Promise<object[]> {
  const { default: manifest } = await import('../../models/wine/model.json', { with: { type: 'json' } });
  const values = Object.values<number>(manifest.examples[0]!);
  return [{ name: 'features', datatype: 'FP32', shape: [1, values.length], data: values }];
}
