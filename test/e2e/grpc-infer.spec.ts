import { status } from '@grpc/grpc-js';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { clientOf, type GrpcClient } from '../grpc.ts';
import { get, serve, sharedServer, until } from '../serve.ts';
import { bytesOf, goldenOf, type GoldenTensor, modelsFolder } from './open-inference-client.ts';

const FIELDS = {
  bool: 'bool_contents',
  uint8: 'uint_contents',
  uint16: 'uint_contents',
  uint32: 'uint_contents',
  uint64: 'uint64_contents',
  int8: 'int_contents',
  int16: 'int_contents',
  int32: 'int_contents',
  int64: 'int64_contents',
  fp32: 'fp32_contents',
  fp64: 'fp64_contents',
  string: 'bytes_contents',
};
const IDENTITIES = [...Object.keys(FIELDS), 'fp16'].map((datatype) => `test/models/identity-${datatype}`);

const dataOf = ({ datatype, data }: GoldenTensor) =>
  datatype === 'BYTES' ? data.map((element) => Buffer.from(String(element))) : data;
const typed = (tensor: GoldenTensor, field: string) => ({
  name: tensor.name,
  datatype: tensor.datatype,
  shape: tensor.shape,
  contents: { [field]: dataOf(tensor) },
});
const raw = ({ name, datatype, shape }: GoldenTensor) => ({ name, datatype, shape });
const x = (shape: (number | string)[], contents: object = {}, datatype = 'FP32') => ({
  model_name: 'identity-fp32',
  inputs: [{ name: 'x', datatype, shape, contents }],
});

async function serveModels(...models: string[]): Promise<GrpcClient> {
  return clientOf(await sharedServer({ MODELS: modelsFolder(...models) }));
}

const errorOf = (call: Promise<unknown>): Promise<[number, string]> =>
  call.then(
    () => [status.OK, ''],
    ({ code, details }) => [code, details],
  );

describe('ModelInfer', () => {
  let client: GrpcClient;

  describe('carries every datatype in both directions', () => {
    beforeEach(async () => (client = await serveModels(...IDENTITIES)));

    it('in the field of its datatype', async () => {
      for (const [datatype, field] of Object.entries(FIELDS)) {
        const { inputs, outputs } = goldenOf(`identity-${datatype}`);
        const answer = await client.call('ModelInfer', {
          model_name: `identity-${datatype}`,
          id: 'the id',
          inputs: inputs.map((input) => typed(input, field)),
        });
        expect(answer).toMatchObject({ model_name: `identity-${datatype}`, model_version: '1', id: 'the id' });
        expect(answer.raw_output_contents).toEqual([]);
        const [output] = answer.outputs;
        expect(output).toMatchObject({
          name: 'y',
          datatype: outputs[0]!.datatype,
          shape: outputs[0]!.shape.map(String),
        });
        const asNumber = datatype === 'fp32' ? Math.fround : (element: unknown) => element;
        const expected = dataOf(outputs[0]!) as unknown[];
        expect(output.contents[field].map(asNumber)).toEqual(expected.map((element) => asNumber(element as number)));
      }
    });

    it('as raw bytes', async () => {
      for (const datatype of [...Object.keys(FIELDS), 'fp16']) {
        const { inputs, outputs } = goldenOf(`identity-${datatype}`);
        const answer = await client.call('ModelInfer', {
          model_name: `identity-${datatype}`,
          inputs: inputs.map(raw),
          raw_input_contents: inputs.map(bytesOf),
        });
        expect(answer.outputs).toEqual([
          expect.objectContaining({ name: 'y', datatype: outputs[0]!.datatype, contents: null }),
        ]);
        expect(answer.raw_output_contents).toEqual(outputs.map((output) => Buffer.from(bytesOf(output))));
      }
    });

    it('raw in one direction and typed in the other, as requested', async () => {
      const [input] = goldenOf('identity-int64').inputs as [GoldenTensor];
      const request = { model_name: 'identity-int64', inputs: [typed(input, 'int64_contents')] };
      for (const asked of [
        { parameters: { binary_data_output: { bool_param: true } } },
        { outputs: [{ name: 'y', parameters: { binary_data: { bool_param: true } } }] },
      ]) {
        const answer = await client.call('ModelInfer', { ...request, ...asked });
        expect(answer.raw_output_contents).toEqual([Buffer.from(bytesOf(input))]);
      }
      const answer = await client.call('ModelInfer', {
        model_name: 'identity-int64',
        inputs: [raw(input)],
        raw_input_contents: [bytesOf(input)],
        parameters: { binary_data_output: { bool_param: false } },
      });
      expect(answer.raw_output_contents).toEqual([]);
      expect(answer.outputs[0].contents.int64_contents).toEqual(input.data);
    });
  });

  it('returns large tensors complete, although their memory is freed', async () => {
    client = await serveModels('test/models/identity-fp32');
    const data = Float32Array.from({ length: 20_000 }, (_, at) => at);
    const bytes = Buffer.from(data.buffer);
    const input = { name: 'x', datatype: 'FP32', shape: [10_000, 2] };
    const sentRaw = { model_name: 'identity-fp32', inputs: [input], raw_input_contents: [bytes] };
    const sentTyped = { model_name: 'identity-fp32', inputs: [{ ...input, contents: { fp32_contents: [...data] } }] };
    const answers: any[] = [];
    for (const request of [sentRaw, sentTyped, sentRaw]) answers.push(await client.call('ModelInfer', request));
    for (const at of [0, 2]) expect(answers[at].raw_output_contents).toEqual([bytes]);
    expect(answers[1].outputs[0].contents.fp32_contents).toEqual([...data]);
  });

  it('takes several inputs, and returns the requested outputs in their order', async () => {
    client = await serveModels('test/models/several');
    const { inputs, outputs } = goldenOf('several');
    const request = { model_name: 'several', inputs: inputs.map(raw), raw_input_contents: inputs.map(bytesOf) };
    const all = await client.call('ModelInfer', request);
    expect(all.outputs.map(({ name }: { name: string }) => name)).toEqual(outputs.map(({ name }) => name));
    const wanted = outputs.map(({ name }) => ({ name })).reverse();
    const answer = await client.call('ModelInfer', { ...request, outputs: wanted });
    expect(answer.outputs.map(({ name }: { name: string }) => ({ name }))).toEqual(wanted);
    expect(answer.raw_output_contents).toEqual(outputs.map((output) => Buffer.from(bytesOf(output))).reverse());
  });

  it('classifies on request', async () => {
    client = await serveModels('models/wine');
    const { inputs } = await client.call('ModelMetadata', { name: 'wine' });
    const answer = await client.call('ModelInfer', {
      model_name: 'wine',
      inputs: inputs.map(({ name, datatype }: GoldenTensor) => ({
        name,
        datatype,
        shape: [1, 13],
        contents: { fp32_contents: Array(13).fill(1) },
      })),
      outputs: [{ name: 'probabilities', parameters: { classification: { int64_param: 2 } } }],
    });
    expect(answer.outputs).toEqual([expect.objectContaining({ datatype: 'BYTES', shape: ['1', '2'] })]);
    expect(String(answer.outputs[0].contents.bytes_contents[0])).toMatch(/^[\d.e-]+:\d:/);
  });

  it('rejects what does not fit, and names the tensor, the expected and the received', async () => {
    client = await serveModels('test/models/identity-fp32', 'test/models/identity-int8', 'test/models/identity-fp16');
    const refused = (request: object) => errorOf(client.call('ModelInfer', request));
    const cases: [object, string][] = [
      [x([1, 2], { fp32_contents: [1] }), 'Input "x" has 1 element(s) of data; shape [1, 2] has 2.'],
      [x([1, 2], { fp32_contents: [1, 2, 3] }), 'Input "x" has too many element(s) of data; shape [1, 2] has 2.'],
      [x([1, 2]), 'Input "x" has 0 element(s) of data; shape [1, 2] has 2.'],
      [x([1, 2 ** 31 - 1]), 'Input "x" has shape [1, 2147483647]; the model takes [-1, 2]'],
      [x(['9223372036854775807', 16]), 'Input "x" has shape [9223372036854775807, 16]; the model takes'],
      [x([1, 2], { fp64_contents: [1, 2] }), 'the elements of FP32 belong in fp32_contents'],
      [x([1, 2], { int_contents: [1, 2] }, 'INT8'), 'Input "x" has datatype "INT8"; the model takes FP32.'],
      [x([20_000, 2], { fp32_contents: Array(40_000).fill(0) }), 'Input "x" has 20000 rows; at most 10000 are taken'],
      [{ ...x([1, 2]), raw_input_contents: [Buffer.alloc(8), Buffer.alloc(8)] }, '1 inputs and 2 raw_input_contents'],
      [
        { ...x([1, 2], { fp32_contents: [1, 2] }), raw_input_contents: [Buffer.alloc(8)] },
        'has both contents and raw_input_contents',
      ],
      [{ ...x([1, 2]), parameters: { priority: { uint64_param: 3 } } }, '"priority" is not supported'],
      [
        {
          model_name: 'identity-int8',
          inputs: [{ name: 'x', datatype: 'INT8', shape: [1, 2], contents: { int_contents: [1, 128] } }],
        },
        'Element 1 of input "x" is 128; INT8 takes whole numbers from -128 to 127.',
      ],
      [
        {
          model_name: 'identity-fp16',
          inputs: [{ name: 'x', datatype: 'FP16', shape: [1, 2], contents: { fp32_contents: [1, 2] } }],
        },
        'Send the input in raw_input_contents',
      ],
    ];
    for (const [request, text] of cases) {
      const [code, details] = await refused(request);
      expect(details).toContain(text);
      expect([status.INVALID_ARGUMENT, status.RESOURCE_EXHAUSTED]).toContain(code);
    }
  });

  it('limits the memory of a small message', async () => {
    client = await serveModels('test/models/identity-fp32');
    const many = (tag: number) => Uint8Array.from({ length: 1_000_000 }, (_, at) => (at % 2 === 0 ? tag : 0));
    for (const [tag, what] of [
      [0x22, 'parameters'],
      [0x2a, 'inputs'],
      [0x32, 'outputs'],
      [0x3a, 'raw_input_contents'],
    ] as const) {
      expect(await errorOf(client.send('ModelInfer', many(tag)))).toEqual([
        status.INVALID_ARGUMENT,
        `The request has more than 1024 ${what}.`,
      ]);
    }
  });
});

describe('a deadline', () => {
  const ONE_WORKER = { MODELS: modelsFolder('test/models/slow'), EXECUTION: 'pool', WORKERS: '1' };
  const slow = (milliseconds: number) => ({
    model_name: 'slow',
    inputs: goldenOf('slow').inputs.map(({ name, datatype }) => ({
      name,
      datatype,
      shape: [1, 1],
      contents: { [datatype === 'FP32' ? 'fp32_contents' : 'int64_contents']: [milliseconds] },
    })),
  });

  it('of gRPC ends the wait of a call, and is counted', async () => {
    const server = await serve(ONE_WORKER);
    const client = clientOf(server);
    const under = client.call('ModelInfer', slow(300));
    const late = client.call('ModelInfer', slow(1), undefined, { deadline: Date.now() + 50 });
    await expect(late).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    await expect(under).resolves.toMatchObject({ model_name: 'slow' });
    // The caller's clock may be ahead of the server's.
    const counted = /nestor_requests_total\{model="slow",version="1",outcome="(DEADLINE_EXCEEDED|CANCELLED)"\} 1/;
    await until(async () => counted.test((await get(`${server.url}/metrics`)).text));
  });

  it('may be a parameter of the request, in microseconds', async () => {
    const client = clientOf(await serve(ONE_WORKER));
    const under = client.call('ModelInfer', slow(300));
    const late = { ...slow(1), parameters: { timeout: { int64_param: 50_000 } } };
    await expect(client.call('ModelInfer', late)).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    await under;
  });
});

describe('ModelStreamInfer', () => {
  it('answers each request once, in order, errors among them', async () => {
    const client = await serveModels('test/models/identity-fp32');
    const stream = client.stream();
    const answers: any[] = [];
    stream.on('data', (answer) => answers.push(answer));
    const ended = new Promise((resolve, reject) => stream.on('end', () => resolve('ended')).on('error', reject));
    for (let i = 0; i < 200; i += 1) {
      stream.write({ ...x([1, 2], { fp32_contents: i % 10 === 7 ? [i] : [i, i] }), id: `request ${i}` });
    }
    stream.end();
    expect(await ended).toBe('ended');
    expect(answers.map(({ infer_response }) => infer_response.id)).toEqual(
      Array.from({ length: 200 }, (_, i) => `request ${i}`),
    );
    answers.forEach(({ error_message, infer_response }, i) => {
      expect(infer_response.parameters.triton_final_response.bool_param).toBe(true);
      if (i % 10 === 7) {
        expect(error_message).toBe('Input "x" has 1 element(s) of data; shape [1, 2] has 2.');
        expect(infer_response.outputs).toEqual([]);
      } else {
        expect(error_message).toBe('');
        expect(infer_response.outputs[0].contents.fp32_contents).toEqual([i, i]);
      }
    });
  });

  it('survives callers who leave in the middle', async () => {
    const client = await serveModels('test/models/identity-fp32');
    for (let i = 0; i < 20; i += 1) {
      const stream = client.stream();
      stream.on('error', () => undefined);
      for (let j = 0; j < 10; j += 1) stream.write(x([1, 2], { fp32_contents: [1, 2] }));
      if (i % 2 === 0) stream.cancel();
      else stream.once('data', () => stream.cancel());
      await new Promise((resolve) => stream.on('close', resolve).on('error', resolve));
    }
    expect(await client.call('ModelInfer', x([1, 2], { fp32_contents: [1, 2] }))).toMatchObject({ model_version: '1' });
  });
});
