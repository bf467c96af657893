import { once } from 'node:events';
import { Client, credentials } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { service as health } from 'grpc-health-check';
import { GrpcClient, methodOf } from '../grpc.ts';
import { ServerProcess } from './spawn.ts';

const MODELS = 'models/housing';
const HOUSE = {
  model_name: 'housing',
  inputs: [
    {
      name: 'features',
      datatype: 'FP32',
      shape: [1, 6],
      contents: { fp32_contents: [0, 6.575, 296, 15.3, 396.9, 4.98] },
    },
  ],
};

async function startServer(env: Record<string, string>): Promise<{ server: ServerProcess; address: string }> {
  const server = new ServerProcess({ MODELS, LOG_LEVEL: 'info', ...env });
  await server.ready();
  return { server, address: /"grpc":"([^"]+)"/.exec(server.stdout)![1]! };
}

describe('the built server', () => {
  it('loses no call of busy gRPC clients that leave when the health check says so', async () => {
    const { server, address } = await startServer({ DRAIN_SECONDS: '2', LOG_LEVEL: 'info' });
    let leaving = false;
    let after = 0;
    const codes: unknown[] = [];
    const work = async (client: GrpcClient): Promise<void> => {
      // As a client that is told by health checks goes on for a while: over the old connection or a new one.
      while ((!leaving || after < 200) && server.child.exitCode === null) {
        codes.push(
          await client.call('ModelInfer', HOUSE).then(
            () => 'OK',
            ({ message }) => message,
          ),
        );
        if (leaving) after += 1;
      }
    };
    const watcher = new Client(address, credentials.createInsecure());
    const { path, requestSerialize, responseDeserialize } = health['Watch']!;
    const watch = watcher.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service: '' });
    watch.on('error', () => undefined);
    watch.on('data', ({ status }: { status: string }) => (leaving ||= status === 'NOT_SERVING'));
    await once(watch, 'data');
    const workers = Array.from({ length: 4 }, () => work(new GrpcClient(address)));
    while (codes.length < 100) await new Promise(setImmediate);
    server.child.kill('SIGTERM');
    await Promise.all(workers);
    watcher.close();
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(codes.filter((code) => code !== 'OK')).toEqual([]);
    expect(server.stderr).toBe('');
  });

  it('cuts off a gRPC call at the deadline of the stop, and still exits with code 0', async () => {
    const { server, address } = await startServer({ DRAIN_SECONDS: '0', SHUTDOWN_SECONDS: '1' });
    const client = new GrpcClient(address);
    // A request whose end never comes.
    const call = client.client.makeClientStreamRequest(
      '/inference.GRPCInferenceService/ModelInfer',
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      () => undefined,
    );
    call.on('error', () => undefined);
    call.write(Buffer.from([0x0a, 0x00]));
    await client.call('ServerLive');
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.stdout).toContain('stopping took too long');
  });

  it('rejects new calls on SIGINT, and answers those in flight', async () => {
    const { server, address } = await startServer({ DRAIN_SECONDS: '38' });
    const client = new GrpcClient(address);
    const answer = Promise.withResolvers<Buffer>();
    // A request of which the end is still to come.
    const call = client.client.makeClientStreamRequest(
      '/inference.GRPCInferenceService/ModelInfer',
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      (error, bytes) => (error ? answer.reject(error) : answer.resolve(bytes!)),
    );
    const { requestSerialize, responseDeserialize } = methodOf('ModelInfer');
    call.write(requestSerialize(HOUSE));
    await client.call('ServerLive');
    server.child.kill('SIGINT');
    await server.logged('stopping: waiting only for requests in flight');
    const another = new GrpcClient(address);
    await expect(
      (async () => {
        for (;;) await another.call('ServerLive');
      })(),
    ).rejects.toMatchObject({ code: 14 });
    call.end();
    expect(responseDeserialize(await answer.promise)).toMatchObject({ model_name: 'housing' });
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it('runs without gRPC if it is off, and reports a port that is in use', async () => {
    const { server, address } = await startServer({});
    const port = address.split(':').at(-1)!;
    const second = new ServerProcess({ MODELS, GRPC_PORT: port });
    expect(await second.exited).toMatchObject({ code: 1 });
    expect(second.stderr).toContain(`GRPC_PORT must be a free port; 127.0.0.1:${port} is not`);
    expect(second.stderr).not.toMatch(/\n\s+at /);
    const third = new ServerProcess({ MODELS, GRPC_PORT: port, PROTOCOLS: 'plain' });
    await third.ready();
    server.child.kill('SIGTERM');
    third.child.kill('SIGTERM');
    await once(third.child, 'close');
  });
});
