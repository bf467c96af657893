import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { clientOf, type GrpcClient } from '../grpc.ts';
import { texts } from '../models/texts.ts';
import { post, type Served, sharedServer } from '../serve.ts';
import { binaryBody, bytesOf, send } from './open-inference-client.ts';

const MODELS = ['embedding', 'sentiment', 'reranker', 'entities'];
/** Of several scripts, empty, and longer than the models read. */
const TEXTS = [...texts.texts.slice(0, 6), '', 'long '.repeat(60)];

interface Output {
  readonly name: string;
  readonly datatype: string;
  readonly shape: number[];
  readonly data: (number | string | boolean)[];
}

let served: Served;
beforeAll(async () => {
  served = await sharedServer({ MODELS: 'test/models/texts' });
});

/** The inputs that a model has: of the reranker the query, too. */
const inputsOf = (model: string) =>
  (model === 'reranker' ? ['query', 'text'] : ['text']).map((name) => ({
    ...{ name, datatype: 'BYTES', shape: [TEXTS.length] },
    data: name === 'text' ? TEXTS : TEXTS.toReversed(),
  }));
const withoutData = ({ name, datatype, shape }: Omit<Output, 'data'>) => ({ name, datatype, shape });

async function asJson(model: string): Promise<Output[]> {
  const { status, json } = await post(`${served.url}/v2/models/${model}/infer`, { inputs: inputsOf(model) });
  expect(status).toBe(200);
  return json.outputs;
}

describe.each(MODELS)('%s answers texts as in the JSON of V2', (model) => {
  let expected: Output[];
  beforeAll(async () => {
    expected = await asJson(model);
  });

  it('as binary tensors over HTTP, in both directions', async () => {
    const inputs = inputsOf(model);
    const tensors = inputs.map(bytesOf);
    const request = {
      inputs: inputs.map((input, at) => ({
        ...withoutData(input),
        parameters: { binary_data_size: tensors[at]!.length },
      })),
      parameters: { binary_data_output: true },
    };
    const { body, headers } = binaryBody(request, ...tensors);
    const answer = await send(`${served.url}/v2/models/${model}/infer`, body, headers);
    expect(answer.status).toBe(200);
    expect(answer.json.outputs.map(withoutData)).toEqual(expected.map(withoutData));
    expect(answer.rest).toEqual(Buffer.concat(expected.map(bytesOf)));
  });

  describe('over gRPC', () => {
    let client: GrpcClient;
    beforeEach(() => void (client = clientOf(served)));

    const outputsOf = (outputs: readonly Output[]) =>
      outputs.map((output) => ({ ...withoutData(output), shape: output.shape.map(String) }));

    it('as raw bytes', async () => {
      const inputs = inputsOf(model);
      const answer = await client.call('ModelInfer', {
        ...{ model_name: model, inputs: inputs.map(withoutData) },
        raw_input_contents: inputs.map(bytesOf),
      });
      expect(answer.outputs.map(withoutData)).toEqual(outputsOf(expected));
      expect(answer.raw_output_contents).toEqual(expected.map((output) => Buffer.from(bytesOf(output))));
    });

    it('in the fields of their datatypes', async () => {
      const inputs = inputsOf(model).map((input) => ({
        ...withoutData(input),
        contents: { bytes_contents: input.data.map((text) => Buffer.from(text)) },
      }));
      const answer = await client.call('ModelInfer', { model_name: model, inputs });
      expect(answer.outputs.map(withoutData)).toEqual(outputsOf(expected));
      expect(answer.outputs.map(contentsOf)).toEqual(expected.map(wireDataOf));
    });
  });
});

const FIELDS: Readonly<Record<string, string>> = {
  BOOL: 'bool_contents',
  BYTES: 'bytes_contents',
  INT64: 'int64_contents',
  FP32: 'fp32_contents',
};

const contentsOf = ({ datatype, contents }: { datatype: string; contents: Record<string, unknown[]> }) =>
  contents[FIELDS[datatype]!]!.map((element) => (datatype === 'FP32' ? Math.fround(element as number) : element));

const wireDataOf = ({ datatype, data }: Output) =>
  data.map((element) => {
    if (datatype === 'BYTES') return Buffer.from(String(element));
    if (datatype === 'FP32') return Math.fround(Number(element));
    return datatype === 'INT64' ? String(element) : element;
  });
