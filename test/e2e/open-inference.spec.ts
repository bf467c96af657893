import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { get, post, serve, sharedServer } from '../serve.ts';
import { modelsFolder } from './open-inference-client.ts';

const MODELS = ['test/models/several', 'test/models/two-versions', 'test/models/scalars'];
const env = { MODELS: modelsFolder(...MODELS) };

const keyFile = (key: string) => {
  const path = join(mkdtempSync(join(tmpdir(), 'nestor-keys-')), 'keys');
  writeFileSync(path, key);
  return path;
};

describe('Open Inference Protocol V2 over REST', () => {
  it('describes the server, which is live and ready', async () => {
    const { url } = await sharedServer(env);
    for (const path of ['/v2', '/v2/']) {
      expect((await get(url + path)).json).toEqual({
        name: 'nestor',
        version: expect.any(String),
        extensions: ['binary_tensor_data', 'classification', 'model_configuration', 'model_repository', 'statistics'],
      });
    }
    expect(await get(`${url}/v2/health/live`)).toMatchObject({ status: 200, json: { live: true } });
    expect(await get(`${url}/v2/health/ready`)).toMatchObject({ status: 200, json: { live: true, ready: true } });
    expect((await get(`${url}/v2/models`)).json).toEqual({ models: ['scalars', 'several', 'two-versions'] });
  });

  it('describes models, with and without a version', async () => {
    const { url } = await sharedServer(env);
    expect((await get(`${url}/v2/models/several`)).json).toEqual({
      name: 'several',
      versions: ['1'],
      platform: 'onnx_onnxv1',
      inputs: [
        { name: 'sides', datatype: 'FP32', shape: [-1, 2] },
        { name: 'count', datatype: 'INT64', shape: [-1, 1] },
      ],
      outputs: [
        { name: 'total', datatype: 'FP32', shape: [-1] },
        { name: 'scaled', datatype: 'FP32', shape: [-1, 2] },
        { name: 'next', datatype: 'INT64', shape: [-1, 1] },
      ],
    });
    for (const path of ['', '/versions/1', '/versions/2']) {
      expect((await get(`${url}/v2/models/two-versions${path}`)).json.versions).toEqual(['1', '2']);
      expect((await get(`${url}/v2/models/two-versions${path}/ready`)).json).toEqual({
        name: 'two-versions',
        ready: true,
      });
    }
  });

  it('shows the configuration of a model, with rows as batches if it has them', async () => {
    const { url } = await serve({ ...env, MAX_ROWS: '500' });
    expect((await get(`${url}/v2/models/several/config`)).json).toMatchObject({
      name: 'several',
      platform: 'onnxruntime_onnx',
      max_batch_size: 500,
      input: [
        { name: 'sides', data_type: 'TYPE_FP32', dims: [2] },
        { name: 'count', data_type: 'TYPE_INT64', dims: [1] },
      ],
      output: [{ name: 'total', dims: [1], reshape: { shape: [] } }, { dims: [2] }, { dims: [1] }],
      instance_group: [{ kind: 'KIND_CPU', count: 1 }],
    });
    const scalars = (await get(`${url}/v2/models/scalars/config`)).json;
    expect(scalars).toMatchObject({
      max_batch_size: 0,
      input: [
        { name: 'x', dims: [-1] },
        { name: 'factor', dims: [1], reshape: { shape: [] } },
      ],
    });
    expect(scalars.dynamic_batching).toBeUndefined();
  });

  it('has statistics of all models, one model and one version', async () => {
    const { url } = await sharedServer(env);
    const namesAt = async (path: string) =>
      (await get(url + path)).json.model_stats.map(({ name, version }: any) => `${name} ${version}`).sort();
    expect(await namesAt('/v2/models/stats')).toEqual(['scalars 1', 'several 1', 'two-versions 1', 'two-versions 2']);
    expect(await namesAt('/v2/models/two-versions/stats')).toEqual(['two-versions 1', 'two-versions 2']);
    expect(await namesAt('/v2/models/two-versions/versions/1/stats')).toEqual(['two-versions 1']);
  });

  it.each(['', '{}', '{"ready":true}'])('lists the repository for the body %j', async (body) => {
    const { url } = await sharedServer(env);
    const { status, json } = await post(`${url}/v2/repository/index`, body);
    expect(status).toBe(200);
    expect(json).toHaveLength(4);
    expect(json).toContainEqual({ name: 'several', version: '1', state: 'READY', reason: '' });
  });

  it('loads and unloads models for administrators', async () => {
    const { url } = await serve({ ...env, ADMIN: 'on', ADMIN_KEYS_FILE: keyFile('secret') });
    const change = (path: string, body = '', key = 'secret') =>
      post(`${url}/v2/repository/models/several/${path}`, body, { 'x-api-key': key });
    expect(await change('unload')).toMatchObject({ status: 200, json: {} });
    expect(await get(`${url}/v2/models/several/ready`)).toMatchObject({
      status: 503,
      json: { name: 'several', ready: false },
    });
    expect(await post(`${url}/v2/models/several/infer`, {})).toMatchObject({
      status: 404,
      json: { error: expect.any(String) },
    });
    const index = (await post(`${url}/v2/repository/index`, '')).json.filter(({ name }: any) => name === 'several');
    expect(index.every(({ state }: any) => state === 'UNAVAILABLE')).toBe(true);
    expect((await post(`${url}/v2/repository/index`, '{"ready":true}')).json).toHaveLength(3);
    expect(await change('load', '{"parameters":{}}')).toMatchObject({ status: 200, json: {} });
    expect((await get(`${url}/v2/models/several/ready`)).json.ready).toBe(true);
    expect(await change('load', '{"parameters":{"config":"{}"}}')).toMatchObject({
      status: 422,
      json: { error: expect.stringMatching(/^Load parameters are not supported/) },
    });
    expect(await change('load', '[')).toMatchObject({ status: 400 });
    expect(await change('load', '', 'wrong')).toMatchObject({ status: 401, json: { error: expect.any(String) } });
  });

  it('is live, but not ready, without its default model', async () => {
    const settings = { ...env, DEFAULT_MODEL: 'several', ADMIN: 'on', ADMIN_KEYS_FILE: keyFile('secret') };
    const { url } = await serve(settings);
    await post(`${url}/v2/repository/models/several/unload`, '', { 'x-api-key': 'secret' });
    expect(await get(`${url}/v2/health/ready`)).toMatchObject({ status: 503, json: { live: false, ready: false } });
    expect(await get(`${url}/v2/health/live`)).toMatchObject({ status: 200, json: { live: true } });
    await post(`${url}/v2/repository/models/several/load`, '', { 'x-api-key': 'secret' });
    expect(await get(`${url}/v2/health/ready`)).toMatchObject({ status: 200, json: { live: true, ready: true } });
  });

  describe('errors', () => {
    it.each([
      ['/v2/models/nope', 404],
      ['/v2/models/several/versions/9', 404],
      ['/v2/models/several/versions/9/ready', 404],
      ['/v2/models/nope/stats', 404],
      ['/v2/models/nope/config', 404],
      ['/v2/nope', 404],
      ['/v2/models/several/infer', 405],
    ])('GET %s is answered %d in the form that clients expect', async (path, status) => {
      const { url } = await sharedServer(env);
      const answer = await get(url + path);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(answer.json).toEqual({ error: expect.stringMatching(/./) });
    });

    it.each(['/v2/repository/models/several/load', '/v2/repository/models/several/unload'])(
      'POST %s is off until it is on',
      async (path) => {
        const { url } = await sharedServer(env);
        expect(await post(url + path, '')).toMatchObject({ status: 403, json: { error: expect.any(String) } });
      },
    );

    it('for a missing key are in that form too, and probes need no key', async () => {
      const { url } = await serve({ ...env, API_KEYS_FILE: keyFile('alpha') });
      for (const answer of [await get(`${url}/v2/models/several`), await post(`${url}/v2/models/several/infer`, {})]) {
        expect(answer).toMatchObject({ status: 401, json: { error: expect.any(String) } });
        expect(answer.headers.get('content-type')).toBe('application/json');
      }
      expect((await get(`${url}/v2/health/ready`)).status).toBe(200);
      expect((await get(`${url}/v2/models/several`, { authorization: 'Bearer alpha' })).status).toBe(200);
    });

    it('are in the access log with code, model, version and rows', async () => {
      const { url, log } = await sharedServer(env);
      await post(`${url}/v2/models/several/infer`, { inputs: [] });
      expect(log).toContainEqual(
        expect.objectContaining({
          path: '/v2/models/several/infer',
          status: 422,
          code: 'INVALID_TENSOR',
          model: 'several',
          version: '1',
        }),
      );
    });
  });
});
