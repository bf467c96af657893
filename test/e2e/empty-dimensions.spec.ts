import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { clientOf } from '../grpc.ts';
import { post, type Served, serve, sharedServer } from '../serve.ts';
import { binaryBody, modelsFolder, send } from './open-inference-client.ts';

/** A shape of each model that would end the process, and one that it takes. */
const MODELS = [
  { model: 'lstm', shape: [1, 0, 4], dimension: 1, fits: [2, 1, 4] },
  { model: 'gru', shape: [1, 0, 4], dimension: 1, fits: [2, 1, 4] },
  { model: 'topk', shape: [1, 3, 0, 1], dimension: 2, fits: [1, 3, 2, 1] },
  { model: 'dft', shape: [1, 0, 1], dimension: 1, fits: [1, 8, 1] },
];
const NOTHING = new Uint8Array(0);
const said = (shape: readonly number[], dimension: number) =>
  `Input "x" has shape [${shape.join(', ')}], whose dimension ${dimension} is empty`;

/** One of the test models, with this manifest. */
function withManifest(model: string, manifest: object): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'nestor-')), model);
  cpSync(`test/models/${model}`, folder, { recursive: true });
  writeFileSync(join(folder, 'model.json'), JSON.stringify(manifest));
  return folder;
}

describe('an empty dimension that the model leaves open', () => {
  let server: Served;

  beforeEach(async () => {
    const folders = MODELS.map(({ model }) => `test/models/${model}`);
    server = await sharedServer({ MODELS: modelsFolder(...folders), DEFAULT_MODEL: 'dft' });
  });

  it.each(MODELS)(
    'is refused with 422 in tensors, and $model answers others',
    async ({ model, shape, dimension, fits }) => {
      const url = `${server.url}/v2/models/${model}/infer`;
      const input = { name: 'x', datatype: 'FP32', shape };
      const detail = expect.stringContaining(said(shape, dimension));

      const json = await post(url, { inputs: [{ ...input, data: [] }] });
      expect(json).toMatchObject({ status: 422, json: { error: detail } });

      const binary = binaryBody({ inputs: [{ ...input, parameters: { binary_data_size: 0 } }] }, NOTHING);
      expect(await send(url, binary.body, binary.headers)).toMatchObject({ status: 422, json: { error: detail } });

      const grpc = clientOf(server);
      for (const request of [
        { model_name: model, inputs: [{ ...input, contents: {} }] },
        { model_name: model, inputs: [input], raw_input_contents: [NOTHING] },
      ]) {
        await expect(grpc.call('ModelInfer', request)).rejects.toMatchObject({ code: 3, details: detail });
      }

      const data = new Array(fits.reduce((count, size) => count * size)).fill(1);
      expect((await post(url, { inputs: [{ ...input, shape: fits, data }] })).status).toBe(200);
    },
  );

  it('is rejected if the body is only the tensor, and therefore empty', async () => {
    const answer = await send(`${server.url}/v2/models/dft/infer`, NOTHING, { 'inference-header-content-length': '0' });
    expect(answer).toMatchObject({ status: 400, json: { error: expect.stringContaining('empty') } });
  });

  it('is rejected with 422 in lists', async () => {
    const requests: [string, unknown][] = [
      ['/predict', [{ x: [] }]],
      ['/predict', [[[]]]],
      ['/v1/models/dft:predict', { inputs: [[]] }],
      ['/v1/models/dft:predict', { inputs: { x: [[]] } }],
      ['/v1/models/dft:predict', { instances: [{ x: [] }] }],
      ['/invocations', { inputs: [[]] }],
      ['/invocations', { inputs: { x: [[]] } }],
      ['/invocations', { dataframe_records: [{ x: [] }] }],
    ];
    for (const [path, body] of requests) {
      const { status, text } = await post(server.url + path, body);
      expect({ path, body, status, text }).toMatchObject({
        status: 422,
        text: expect.stringContaining('row 0: x holds an empty list'),
      });
    }
  });

  it('stops the start if it is in an example', async () => {
    const folder = withManifest('dft', { examples: [{ x: [] }] });
    await expect(serve({ MODELS: folder })).rejects.toThrow(/examples\[0\].*x holds an empty list/);
  });
});

describe('an empty dimension that the manifest allows', () => {
  it('reaches the model, in tensors and in lists', async () => {
    const manifest = { limits: { emptyDimensions: true }, examples: [{ x: [[1, 2]] }, { x: [] }] };
    const { url } = await serve({ MODELS: withManifest('dynamic-inner', manifest) });
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [2, 0, 2], data: [] }];
    const tensors = await post(`${url}/v2/models/dynamic-inner/infer`, { inputs });
    expect(tensors.json.outputs).toMatchObject([{ name: 'y', shape: [2, 2], data: [0, 0, 0, 0] }]);
    const prediction = [
      [0, 0],
      [0, 0],
    ];
    expect((await post(`${url}/predict`, [{ x: [] }, { x: [] }])).json).toMatchObject({ prediction });
    const ragged = await post(`${url}/predict`, [{ x: [] }, { x: [[1, 2]] }]);
    expect(ragged).toMatchObject({ status: 422, json: { code: 'INVALID_ROWS' } });
  });
});
