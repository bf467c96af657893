import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { GrpcServer } from '../../apps/server/src/open-inference/grpc/grpc-server.ts';
import { clientOf, GrpcClient, metadataOf } from '../grpc.ts';
import { get, serve, sharedServer, until } from '../serve.ts';
import { modelsFolder } from './open-inference-client.ts';

const MODELS = ['test/models/several', 'test/models/two-versions', 'models/housing'];
const env = { MODELS: modelsFolder(...MODELS) };
const house = (...rows: number[][]) => ({
  model_name: 'housing',
  inputs: [{ name: 'features', datatype: 'FP32', shape: [rows.length, 6], contents: { fp32_contents: rows.flat() } }],
});
const HOUSE = [0, 6.575, 296, 15.3, 396.9, 4.98];

const keyFile = (...keys: string[]) => {
  const path = join(mkdtempSync(join(tmpdir(), 'nestor-keys-')), 'keys');
  writeFileSync(path, keys.join('\n'));
  return path;
};

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => status.OK,
    ({ code }) => code,
  );

describe('the metadata of the server and its models', () => {
  it('is in the response of every call for it', async () => {
    const client = clientOf(await sharedServer(env));
    expect(await client.call('ServerLive')).toEqual({ live: true });
    expect(await client.call('ServerReady')).toEqual({ ready: true });
    expect(await client.call('ServerMetadata')).toMatchObject({
      name: 'nestor',
      version: expect.stringMatching(/^\d/),
      extensions: expect.arrayContaining(['model_repository', 'statistics']),
    });
    expect(await client.call('ModelMetadata', { name: 'several' })).toMatchObject({
      name: 'several',
      versions: ['1'],
      platform: 'onnx_onnxv1',
      inputs: [
        { name: 'sides', datatype: 'FP32', shape: ['-1', '2'] },
        { name: 'count', datatype: 'INT64', shape: ['-1', '1'] },
      ],
    });
    expect(await client.call('ModelConfig', { name: 'housing' })).toMatchObject({
      config: {
        name: 'housing',
        backend: 'onnxruntime',
        max_batch_size: 10_000,
        input: [{ name: 'features', data_type: 'TYPE_FP32', dims: ['6'] }],
        output: [{ name: 'price', data_type: 'TYPE_FP32', dims: ['1'] }],
        instance_group: [{ kind: 'KIND_CPU', count: 1 }],
        dynamic_batching: { preferred_batch_size: [expect.any(Number)] },
      },
    });
    expect(await client.call('RepositoryIndex', { ready: true })).toEqual({
      models: [
        { name: 'housing', version: '1', state: 'READY', reason: '' },
        { name: 'several', version: '1', state: 'READY', reason: '' },
        { name: 'two-versions', version: '2', state: 'READY', reason: '' },
        { name: 'two-versions', version: '1', state: 'READY', reason: '' },
      ],
    });
  });

  it('says whether a model is ready, and that an unknown one is not', async () => {
    const client = clientOf(await sharedServer(env));
    const ready = async (name: string, version = '') => (await client.call('ModelReady', { name, version })).ready;
    expect([await ready('several'), await ready('two-versions', '1')]).toEqual([true, true]);
    expect([await ready('castle'), await ready('several', '7'), await ready('')]).toEqual([false, false, false]);
  });

  it('counts real requests, runs and times', async () => {
    const client = clientOf(await serve(env));
    await client.call('ModelInfer', house(HOUSE, HOUSE, HOUSE));
    await client.call('ModelInfer', house([1])).catch(() => undefined);
    const { model_stats } = await client.call('ModelStatistics', { name: 'housing' });
    expect(model_stats).toHaveLength(1);
    expect(model_stats[0]).toMatchObject({
      name: 'housing',
      version: '1',
      inference_count: '3',
      execution_count: '1',
      inference_stats: { success: { count: '1' }, fail: { count: '1' }, compute_infer: { count: '1' } },
      batch_stats: [{ batch_size: '3', compute_infer: { count: '1' } }],
    });
    expect(Number(model_stats[0].inference_stats.success.ns)).toBeGreaterThan(0);
    expect((await client.call('ModelStatistics')).model_stats).toHaveLength(4);
  });
});

describe('errors', () => {
  const codeOf = (client: GrpcClient, name: string, request: object) =>
    client.call(name, request).then(
      () => status.OK,
      ({ code, details }) => [code, details],
    );

  it('have the status of the catalogue and the text of REST', async () => {
    const client = clientOf(await sharedServer(env));
    const wrong = { ...house(HOUSE), inputs: [{ name: 'rooms', datatype: 'FP32', shape: [1, 6] }] };
    expect(await codeOf(client, 'ModelInfer', wrong)).toEqual([
      status.INVALID_ARGUMENT,
      'The model has no input "rooms"; it takes "features".',
    ]);
    for (const name of ['ModelMetadata', 'ModelConfig', 'ModelStatistics']) {
      expect(await codeOf(client, name, { name: 'castle' })).toEqual([
        status.NOT_FOUND,
        expect.stringContaining('There is no model "castle"'),
      ]);
    }
    expect(await codeOf(client, 'ModelInfer', { ...house(HOUSE), model_version: '9' })).toEqual([
      status.NOT_FOUND,
      expect.stringContaining('housing has no version "9"'),
    ]);
    expect(await codeOf(client, 'ModelInfer', { model_name: '🏰'.repeat(200) })).toEqual([
      status.NOT_FOUND,
      expect.stringContaining('🏰'),
    ]);
  });

  it('are never INTERNAL for bytes that are not a message', async () => {
    const client = clientOf(await sharedServer(env));
    const bytes = [[0xff], [0x0a, 0x80], [0x2a, 0x7f, 1], [0x0b, 0x0b, 0x0b], Array<number>(50_000).fill(0x0b)];
    const codeOf = (name: string, message: number[]) =>
      client.send(name, Uint8Array.from(message)).then(
        () => status.OK,
        ({ code }) => code,
      );
    for (const message of bytes) {
      expect(await codeOf('ModelInfer', message)).toBe(status.INVALID_ARGUMENT);
      for (const name of ['ModelMetadata', 'ServerLive', 'ModelStatistics', 'RepositoryIndex']) {
        // What looks like a field that nobody knows may be passed over.
        expect([status.INVALID_ARGUMENT, status.NOT_FOUND, status.OK]).toContain(await codeOf(name, message));
      }
    }
    expect(await client.call('ServerLive')).toEqual({ live: true });
  });

  it('reject what is larger than MAX_BODY_BYTES, compressed or not', async () => {
    const client = clientOf(await serve({ ...env, MAX_BODY_BYTES: '1000' }));
    const large = client.send('ModelInfer', new Uint8Array(1001));
    await expect(large).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    expect(await client.call('ModelInfer', house(HOUSE))).toMatchObject({ model_name: 'housing' });
  });

  it('leave one line in the log, with the caller’s id, and a count', async () => {
    const server = await serve(env);
    const client = clientOf(server);
    await client.call('ModelInfer', house(HOUSE, HOUSE), metadataOf({ 'x-request-id': 'the caller' }));
    await client.call('ModelInfer', house(HOUSE, HOUSE), metadataOf({ 'x-request-id': 'caller-1' }));
    const error = await client
      .call(
        'ModelInfer',
        { model_name: 'castle' },
        metadataOf({ traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01` }),
      )
      .catch((thrown) => thrown);
    expect(error.metadata.get('x-request-id')).toEqual(['ab'.repeat(16)]);
    const lines = server.log.filter(({ msg }) => msg === 'request');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatchObject({
      requestId: 'caller-1',
      rpc: 'inference.GRPCInferenceService/ModelInfer',
      status: 'OK',
      model: 'housing',
      version: '1',
      rows: 2,
      durationMs: expect.any(Number),
    });
    expect(lines[2]).toMatchObject({ requestId: 'ab'.repeat(16), status: 'NOT_FOUND', code: 'UNKNOWN_MODEL' });
    const { text } = await get(`${server.url}/metrics`);
    const counter = 'nestor_grpc_requests_total{method="inference.GRPCInferenceService/ModelInfer"';
    expect(text).toContain(`${counter},code="OK"} 2`);
    expect(text).toContain(`${counter},code="NOT_FOUND"} 1`);
    expect(text).toContain('nestor_requests_total{model="housing",version="1",outcome="ok"} 2');
    expect(text).toContain('nestor_predictions_total{model="housing",version="1"} 4');
  });
});

describe('at debug level', () => {
  it('the log has the request of an inference and the size of its response', async () => {
    const server = await serve({ ...env, LOG_LEVEL: 'debug' });
    await clientOf(server).call('ModelInfer', house(HOUSE));
    expect(server.log).toContainEqual(
      expect.objectContaining({
        msg: 'inference.GRPCInferenceService/ModelInfer',
        payload: 'features FP32 [1, 6]',
        answer: expect.stringMatching(/^\d+ bytes$/),
      }),
    );
  });
});

describe('keys', () => {
  it('are required in metadata, everywhere except for probes', async () => {
    const client = clientOf(await serve({ ...env, API_KEYS_FILE: keyFile('alpha') }));
    for (const name of ['ServerLive', 'ServerReady']) expect(await codeOf(client.call(name))).toBe(status.OK);
    expect(await codeOf(client.sendTo('/grpc.health.v1.Health/Check', new Uint8Array()))).toBe(status.OK);
    for (const name of ['ServerMetadata', 'ModelReady', 'RepositoryIndex', 'ModelInfer']) {
      expect(await codeOf(client.call(name))).toBe(status.UNAUTHENTICATED);
    }
    for (const entries of [{ authorization: 'Bearer alpha' }, { 'x-api-key': 'alpha' }]) {
      expect(await codeOf(client.call('ModelInfer', house(HOUSE), metadataOf(entries as never)))).toBe(status.OK);
    }
    expect(await codeOf(client.call('ServerMetadata', {}, metadataOf({ 'x-api-key': 'beta' })))).toBe(
      status.UNAUTHENTICATED,
    );
    const stream = client.stream(metadataOf({ 'x-api-key': 'beta' }));
    const ended = new Promise((resolve) => stream.on('error', ({ code }: { code: number } & Error) => resolve(code)));
    expect(await ended).toBe(status.UNAUTHENTICATED);
  });

  it('only of administrators can change what is served, if that is on', async () => {
    const off = clientOf(await sharedServer(env));
    expect(await codeOf(off.call('RepositoryModelUnload', { model_name: 'several' }))).toBe(status.PERMISSION_DENIED);

    const server = await serve({
      ...env,
      ADMIN: 'on',
      ADMIN_KEYS_FILE: keyFile('root'),
      API_KEYS_FILE: keyFile('alpha'),
    });
    const client = clientOf(server);
    const key = metadataOf({ 'x-api-key': 'alpha' });
    const root = metadataOf({ 'x-api-key': 'root' });
    const several = { model_name: 'several' };
    const ready = async () => (await client.call('ModelReady', { name: 'several' }, key)).ready;
    expect(await codeOf(client.call('RepositoryModelUnload', several, key))).toBe(status.UNAUTHENTICATED);
    expect(await client.call('RepositoryModelUnload', several, root)).toEqual({});
    expect(await ready()).toBe(false);
    expect(await codeOf(client.call('ModelInfer', several, key))).toBe(status.NOT_FOUND);
    const withConfig = { ...several, parameters: { config: { string_param: '{}' } } };
    expect(await codeOf(client.call('RepositoryModelLoad', withConfig, root))).toBe(status.INVALID_ARGUMENT);
    expect(await client.call('RepositoryModelLoad', several, root)).toEqual({});
    expect(await ready()).toBe(true);
    expect(await codeOf(client.call('RepositoryModelLoad', { model_name: 'castle' }, root))).toBe(status.NOT_FOUND);
  });
});

describe('the rate limit', () => {
  it('applies to calls and to messages of streams, per client, and not to probes', async () => {
    const client = clientOf(await serve({ ...env, RATE_LIMIT_PER_MINUTE: '3' }));
    for (let call = 0; call < 2; call += 1) await client.call('ModelInfer', house(HOUSE));
    const stream = client.stream();
    const first = new Promise<any>((resolve) => stream.once('data', resolve));
    stream.on('error', () => undefined);
    stream.write(house(HOUSE));
    expect((await first).error_message).toContain('exceeds its limit of');
    const refused = await client.call('ModelInfer', house(HOUSE)).catch((thrown) => thrown);
    expect(refused.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(Number(refused.metadata.get('grpc-retry-pushback-ms')[0])).toBeGreaterThan(0);
    expect(await client.call('ServerLive')).toEqual({ live: true });
    const madeUp = metadataOf({ 'x-api-key': 'another client' });
    await expect(client.call('ModelInfer', house(HOUSE), madeUp)).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
    stream.cancel();
  });

  it('counts what a client sends over HTTP and gRPC together', async () => {
    const server = await serve({ ...env, RATE_LIMIT_PER_MINUTE: '2' });
    const client = clientOf(server);
    const overHttp = async () => (await get(`${server.url}/models`)).status;
    expect(await overHttp()).toBe(200);
    await client.call('ModelInfer', house(HOUSE));
    await expect(client.call('ModelInfer', house(HOUSE))).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    expect(await overHttp()).toBe(429);
  });

  it('counts calls without a valid key to their address, over HTTP and gRPC together, and to no key', async () => {
    const server = await serve({ ...env, RATE_LIMIT_PER_MINUTE: '2', API_KEYS_FILE: keyFile('alpha') });
    const client = clientOf(server);
    const codeWith = async (key: string) => codeOf(client.call('ModelMetadata', {}, metadataOf({ 'x-api-key': key })));
    expect(await codeWith('made up')).toBe(status.UNAUTHENTICATED);
    expect((await get(`${server.url}/models`, { 'x-api-key': 'another' })).status).toBe(401);
    expect(await codeWith('yet another')).toBe(status.RESOURCE_EXHAUSTED);
    expect((await get(`${server.url}/models`)).status).toBe(429);
    const key = metadataOf({ 'x-api-key': 'alpha' });
    expect(await client.call('ModelInfer', house(HOUSE), key)).toMatchObject({ model_name: 'housing' });
  });

  it("counts a stream's messages to the key that opened it", async () => {
    const client = clientOf(await serve({ ...env, RATE_LIMIT_PER_MINUTE: '2', API_KEYS_FILE: keyFile('alpha') }));
    const key = metadataOf({ 'x-api-key': 'alpha' });
    const stream = client.stream(key);
    const first = new Promise<any>((resolve) => stream.once('data', resolve));
    stream.on('error', () => undefined);
    stream.write(house(HOUSE));
    expect((await first).error_message).toBe('');
    expect(await codeOf(client.call('ModelInfer', house(HOUSE), key))).toBe(status.RESOURCE_EXHAUSTED);
    stream.cancel();
  });
});

describe('GRPC_MAX_CONNECTION_AGE_SECONDS', () => {
  it('makes clients reconnect from time to time, without failed calls', async () => {
    const { app } = await serve({ ...env, GRPC_MAX_CONNECTION_AGE_SECONDS: '1' });
    const { port } = new URL(`http://${app.get(GrpcServer, { strict: false }).address}`);
    let connections = 0;
    const between = createServer((socket) => {
      connections += 1;
      const onward = connect(Number(port), '127.0.0.1');
      socket.pipe(onward).pipe(socket);
      for (const one of [socket, onward]) one.on('error', () => undefined);
    });
    await once(between.listen(0, '127.0.0.1'), 'listening');
    const client = new GrpcClient(`127.0.0.1:${(between.address() as AddressInfo).port}`);
    await until(async () => {
      await Promise.all(Array.from({ length: 8 }, () => client.call('ModelInfer', house(HOUSE))));
      return connections >= 3;
    });
    client.client.close();
    between.close();
  });
});

describe('the protocols', () => {
  it('can each be turned off', async () => {
    const { url, log } = await serve({ ...env, PROTOCOLS: 'plain' });
    expect((await get(`${url}/v2`)).status).toBe(404);
    expect((await get(url)).json.protocols).toEqual(['plain']);
    expect(log.some(({ grpc }) => grpc !== undefined)).toBe(false);
    const other = await serve({ ...env, PROTOCOLS: 'v2, grpc' });
    expect((await get(`${other.url}/predict`)).status).toBe(404);
    expect((await get(`${other.url}/v2`)).status).toBe(200);
    expect(await clientOf(other).call('ServerLive')).toEqual({ live: true });
  });
});
