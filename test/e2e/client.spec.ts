import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connect } from '#client';
import { openModel } from '#engine';
import type { Tensor } from '#tensor';
import { sharedServer } from '../serve.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
const record = async (model: string): Promise<any> =>
  JSON.parse(await readFile(`models/${model}/training/golden.json`, 'utf8')).records;

const answer = (prediction: string): string => `{"prediction":${prediction},"model":{"name":"m","version":"1"}}`;

describe('a predictor over the network', () => {
  it.each(['housing', 'wine', 'digits'])('answers for %s like the one in this process', async (name) => {
    const { url } = await sharedServer();
    const [remote, local] = [connect(url).predictor(name), await openModel(`models/${name}`)];
    const rows = (await record(name)).slice(0, 5);
    expect(await remote.predict(rows)).toEqual(await local.predict(rows));
    expect(await remote.predict(rows[0])).toEqual(await local.predict(rows[0]));
    const outputs = ['prediction'] as const;
    expect(await remote.predict(rows, { outputs })).toEqual(await local.predict(rows, { outputs }));
    const streamed = [];
    for await (const answer of remote.predictMany(rows)) streamed.push(answer);
    expect(streamed).toEqual(await local.predict(rows));
    const { timings: _timings, ...described } = (await remote.describe()).served[0]!;
    expect((await local.describe()).served[0]).toMatchObject({
      digest: described.digest,
      signature: described.signature,
    });
    expect([await remote.isReady(), await connect(url).predictor('nobody').isReady()]).toEqual([true, false]);
    await local.close();
  });

  it('rejects what the one in this process rejects, with the same error', async () => {
    const { url } = await sharedServer();
    const [remote, local] = [connect(url).predictor('housing'), await openModel('models/housing')];
    const errorOf = async (asked: Promise<unknown>) =>
      asked.then(
        () => undefined,
        ({ code, message, errors }) => ({ code, message, errors }),
      );
    for (const rows of [[{ ...HOUSE, RM: 'six' }, {}], [], [null], [{ ...HOUSE, RM: 'x'.repeat(99) }]])
      expect(await errorOf(remote.predict(rows))).toEqual(await errorOf(local.predict(rows)));
    const outputs = ['price'] as never[];
    expect(await errorOf(remote.predict(HOUSE, { outputs }))).toEqual(await errorOf(local.predict(HOUSE, { outputs })));
    expect(await errorOf(connect(url).predictor('nobody').predict(HOUSE))).toMatchObject({ code: 'UNKNOWN_MODEL' });
    await local.close();
  });

  it('runs tensors in binary, of every datatype', async () => {
    const { url } = await sharedServer({ MODELS: 'test/models' });
    const inputs: Record<string, Tensor> = {
      fp32: { datatype: 'FP32', shape: [1, 2], data: new Float32Array([1.5, Number.NaN]) },
      fp16: { datatype: 'FP16', shape: [1, 2], data: new Uint16Array([15360, 31744]) },
      int64: { datatype: 'INT64', shape: [1, 2], data: new BigInt64Array([1n, 2n ** 62n]) },
      bool: { datatype: 'BOOL', shape: [1, 2], data: new Uint8Array([0, 1]) },
      string: { datatype: 'BYTES', shape: [1, 2], data: ['a', 'é'] },
    };
    for (const [type, x] of Object.entries(inputs)) {
      const [y, ...others] = Object.values(await connect(url).predictor(`identity-${type}`).run({ x }));
      expect([y, others]).toEqual([{ ...x, shape: [1, 2] }, []]);
    }
    const several = connect(url).predictor('identity-fp32');
    await expect(several.run({ x: inputs['fp16']! })).rejects.toMatchObject({ code: 'INVALID_TENSOR' });
  });

  it('stops at its deadline, and on abort', async () => {
    const { url } = await sharedServer({ MODELS: 'test/models' });
    const slow = connect(url).predictor('slow');
    await expect(slow.predict({ milliseconds: 2000 }, { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    const caller = new AbortController();
    const asked = slow.predict({ milliseconds: 2000 }, { signal: caller.signal });
    caller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('a server that has trouble', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function troubled(listener: RequestListener): Promise<string> {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  it('gets retries if it has no room, or closes the connection, but no more than allowed', async () => {
    let asked = 0;
    const url = await troubled((request, response) => {
      asked += 1;
      if (asked === 1) request.socket.destroy();
      else if (asked === 2) response.writeHead(503).end(JSON.stringify({ code: 'QUEUE_FULL', detail: 'Full.' }));
      else response.end(answer('[1]'));
    });
    expect(await connect(url).predictor('m').predict({})).toEqual({ prediction: 1 });
    asked = 0;
    await expect(connect(url, { retries: 1 }).predictor('m').predict({})).rejects.toMatchObject({
      code: 'QUEUE_FULL',
      message: 'Full.',
    });
    expect(asked).toBe(2);
  });

  it('gets no retries of requests that it would reject again, or after the deadline', async () => {
    let asked = 0;
    const url = await troubled((_request, response) => {
      asked += 1;
      const body = JSON.stringify({ code: asked === 1 ? 'INVALID_ROWS' : 'QUEUE_FULL', detail: 'No.' });
      response.writeHead(asked === 1 ? 422 : 503, { 'retry-after': '3600' }).end(body);
    });
    const model = connect(url).predictor('m');
    await expect(model.predict({})).rejects.toMatchObject({ code: 'INVALID_ROWS' });
    await expect(model.predict({})).rejects.toMatchObject({ code: 'QUEUE_FULL', retryAfterSeconds: 3600 });
    expect(asked).toBe(2);
  });

  it('causes an error of the catalogue, whatever it answers', async () => {
    const url = await troubled((_request, response) => response.writeHead(502).end('<html>Bad gateway</html>'));
    await expect(connect(url, { retries: 0 }).predictor('m').predict({})).rejects.toMatchObject({
      code: 'MODEL_NOT_READY',
      message: 'The server answered 502.',
    });
    server!.close();
    server!.closeAllConnections();
    await expect(connect(url).predictor('m').predict({})).rejects.toMatchObject({
      code: 'MODEL_NOT_READY',
      message: expect.stringContaining('cannot be reached: connect ECONNREFUSED'),
    });
    expect(() => connect('nestor:8080')).toThrow('"nestor:8080" is not the URL of a server');
  });

  it('answers integers with all their digits', async () => {
    const url = await troubled((_request, response) => response.end(answer('[[7,-9007199254740993,1e20]]')));
    expect(await connect(url).predictor('m').predict({})).toEqual({ prediction: [7, -9007199254740993n, 1e20] });
  });

  it('receives the key, and the remaining time', async () => {
    let headers: Record<string, unknown> = {};
    const url = await troubled((request, response) => {
      headers = request.headers;
      response.end(answer('[1]'));
    });
    await connect(url, { apiKey: 'secret' }).predictor('m').predict({}, { timeoutMs: 60_000 });
    expect(headers['authorization']).toBe('Bearer secret');
    expect(Number(headers['x-request-timeout-ms'])).toBeGreaterThan(0);
    expect(Number(headers['x-request-timeout-ms'])).toBeLessThanOrEqual(60_000);
  });
});
