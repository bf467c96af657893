import { status } from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';
import { describe, expect, it } from '@jest/globals';
import { service as health } from 'grpc-health-check';
import { clientOf, type GrpcClient, SERVICE } from '../grpc.ts';
import { serve, sharedServer } from '../serve.ts';
import { goldenOf } from './open-inference-client.ts';

const REFLECTION = 'node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto';
const reflection = loadSync(REFLECTION, { keepCase: true })['grpc.reflection.v1.ServerReflection'] as ServiceDefinition;

async function check(client: GrpcClient, service: string): Promise<any> {
  const { requestSerialize, responseDeserialize } = health['Check']!;
  return responseDeserialize(await client.sendTo('/grpc.health.v1.Health/Check', requestSerialize({ service })));
}

function watch(client: GrpcClient) {
  const { path, requestSerialize, responseDeserialize } = health['Watch']!;
  const call = client.client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, {
    service: '',
  });
  const statuses: unknown[] = [];
  call.on('data', (answer: { status: string }) => statuses.push(answer.status));
  const ended = new Promise<number>((resolve) => call.on('error', ({ code }: any) => resolve(code)));
  return { statuses, ended, first: new Promise((resolve) => call.once('data', resolve)) };
}

const slow = (milliseconds: number) => ({
  model_name: 'slow',
  inputs: goldenOf('slow').inputs.map(({ name, datatype }) => ({
    name,
    datatype,
    shape: [1, 1],
    contents: { [datatype === 'FP32' ? 'fp32_contents' : 'int64_contents']: [milliseconds] },
  })),
});

describe('grpc.health.v1', () => {
  it('is SERVING for the server and for the inference service, and knows no other', async () => {
    const client = clientOf(await sharedServer({ MODELS: 'models/housing' }));
    for (const service of ['', SERVICE]) expect((await check(client, service)).status).toBe('SERVING');
    await expect(check(client, 'castle')).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it('rejects what is not its message', async () => {
    const client = clientOf(await sharedServer({ MODELS: 'models/housing' }));
    await expect(client.sendTo('/grpc.health.v1.Health/Check', Buffer.from([0xff]))).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
    expect((await check(client, '')).status).toBe('SERVING');
  });

  it('is NOT_SERVING once the default model is unloaded', async () => {
    const { app, ...server } = await serve({ MODELS: 'models/housing' });
    const client = clientOf({ app, ...server });
    const watched = watch(client);
    await watched.first;
    const { Engine } = await import('#engine');
    await app.get(Engine).unload('housing');
    expect((await check(client, '')).status).toBe('NOT_SERVING');
    expect(watched.statuses.at(-1)).toBe('NOT_SERVING');
  });
});

describe('reflection', () => {
  it('describes the service and every message of it', async () => {
    const client = clientOf(await sharedServer({ MODELS: 'models/housing' }));
    const { path, requestSerialize, responseDeserialize } = reflection['ServerReflectionInfo']!;
    const call = client.client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    const answers: any[] = [];
    call.on('data', (answer) => answers.push(answer));
    const ended = new Promise((resolve, reject) => call.on('end', resolve).on('error', reject));
    call.write({ list_services: '*' });
    call.write({ file_containing_symbol: `${SERVICE}.ModelStreamInfer` });
    call.write({ file_containing_symbol: 'inference.ModelStatistics' });
    call.write({ file_containing_symbol: 'grpc.health.v1.Health' });
    call.end();
    await ended;
    expect(answers[0].list_services_response.service.map(({ name }: { name: string }) => name).sort()).toEqual([
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      SERVICE,
    ]);
    expect(answers[3].file_descriptor_response.file_descriptor_proto[0].toString()).toContain('HealthCheckRequest');
    for (const answer of answers.slice(1, 3)) {
      expect(answer.file_descriptor_response.file_descriptor_proto[0].toString()).toContain('ModelInferRequest');
    }
  });
});

describe('a stop', () => {
  it('answers calls in flight, notifies watchers, and rejects new calls', async () => {
    const server = await serve({ MODELS: 'test/models/slow', EXECUTION: 'pool', WORKERS: '1' });
    const client = clientOf(server);
    const watched = watch(client);
    await watched.first;
    const stream = client.stream();
    const streamed: any[] = [];
    stream.on('data', (answer) => streamed.push(answer));
    const streamEnded = new Promise((resolve) => stream.on('error', ({ code }: any) => resolve(code)));
    const underWay = client.call('ModelInfer', slow(300));
    stream.write({ ...slow(50), id: 'streamed' });
    while (server.log.filter(({ msg }) => msg === 'model loaded').length === 0) await new Promise(setImmediate);
    await client.call('ServerLive');
    await server.app.close();
    expect(await underWay).toMatchObject({ model_name: 'slow' });
    expect(streamed.map(({ infer_response }) => infer_response.id)).toEqual(['streamed']);
    expect([await streamEnded, await watched.ended]).toEqual([status.UNAVAILABLE, status.UNAVAILABLE]);
    expect(watched.statuses).toEqual(['SERVING', 'NOT_SERVING']);
    await expect(client.call('ServerLive')).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });
});
