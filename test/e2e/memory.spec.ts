import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeLargeModel } from '../models/test-models.ts';
import { get, post, serve, type Served, until } from '../serve.ts';

const MIB = 2 ** 20;
const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
const CLIENTS = 64;

/** A client that sends what it is told to and takes what comes. */
class Client {
  answer = '';

  constructor(readonly socket: Socket) {
    socket.on('error', () => {}).on('data', (piece: Buffer) => (this.answer += piece.toString('latin1')));
  }

  static async open({ url }: Served, bytes: string): Promise<Client> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    const client = new Client(socket);
    socket.write(bytes);
    return client;
  }
}

const head = (path: string, headers: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: nestor\r\nContent-Type: application/json\r\n${headers}\r\n\r\n`;

describe('the default of MAX_INFLIGHT_BYTES', () => {
  it('leaves room for models that are loaded while serving, and takes it back when they are unloaded', async () => {
    const models = mkdtempSync(join(tmpdir(), 'nestor-models-'));
    cpSync('models/wine', join(models, 'wine'), { recursive: true });
    const { url } = await serve({ MODELS: models, WATCH: 'on', WATCH_INTERVAL_SECONDS: '1' });
    const limit = async (): Promise<number> =>
      Number(/^nestor_inflight_bytes_limit (.*)$/m.exec((await get(`${url}/metrics`)).text)![1]);
    const before = await limit();
    await writeLargeModel(models);
    await until(async () => (await get(`${url}/models/large`)).json.versions?.[0]?.state === 'ready');
    // Half of 5.6 MB for the only copy, or for each worker's.
    const taken = before - (await limit());
    expect(taken).toBeGreaterThan(2.5 * MIB);
    rmSync(join(models, 'large'), { recursive: true });
    await until(async () => (await limit()) === before);
  });
});

describe('the memory of requests under way', () => {
  let served: Served;
  let clients: Client[];
  beforeEach(async () => {
    clients = [];
    served = await serve({ MAX_INFLIGHT_BYTES: String(128 * MIB), MODELS: 'models/housing' });
  });
  afterEach(() => {
    for (const { socket } of clients) socket.destroy();
  });

  const figure = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name} (.*)$`, 'm').exec((await get(`${served.url}/metrics`)).text)![1]);
  const openAll = async (bytes: string): Promise<void> => {
    clients = await Promise.all(Array.from({ length: CLIENTS }, () => Client.open(served, bytes)));
  };
  const answered = (): Client[] => clients.filter(({ answer }) => answer.includes('\r\n\r\n'));
  const smallGoOn = async (): Promise<void> => {
    expect((await post(`${served.url}/predict`, HOUSE)).status).toBe(200);
    expect((await get(`${served.url}/livez`)).status).toBe(200);
  };
  const nothingIsHeld = async (): Promise<void> => {
    for (const { socket } of clients) socket.destroy();
    await until(async () => (await figure('nestor_inflight_bytes')) === 0);
  };

  it('is in the log and in a metric', async () => {
    const msg = 'Requests in flight may use 128 MiB of memory; beyond that they are rejected with 503 MEMORY_FULL';
    const source = 'MAX_INFLIGHT_BYTES';
    expect(served.log).toContainEqual(expect.objectContaining({ msg, source, bytes: 128 * MIB }));
    expect(await figure('nestor_inflight_bytes_limit')).toBe(128 * MIB);
  });

  it.each(['/predict', '/v2/models/housing/infer', '/v1/models/housing:predict', '/invocations'])(
    'has room for no more large bodies than fit, by what they announce: %s',
    async (path) => {
      await openAll(`${head(path, `Content-Length: ${7 * MIB}`)}{"a":`);
      // Of 28 MiB each, 4 fit into seven eighths.
      await until(() => answered().length === CLIENTS - 4);
      for (const { answer } of answered()) {
        expect(answer).toMatch(/^HTTP\/1.1 503 /);
        expect(answer).toMatch(/^retry-after: 1\r$/im);
      }
      expect(await figure('nestor_inflight_bytes')).toBe(4 * 28 * MIB);
      await smallGoOn();
      await nothingIsHeld();
    },
  );

  it('counts endless bodies as they arrive', async () => {
    await openAll(head('/predict', 'Transfer-Encoding: chunked'));
    const chunk = `100000\r\n${' '.repeat(MIB)}\r\n`;
    const refused = () => served.log.filter(({ code }) => code === 'MEMORY_FULL');
    await until(() => {
      for (const { socket } of clients) if (!socket.destroyed && socket.writableLength === 0) socket.write(chunk);
      return refused().length >= CLIENTS - 8;
    });
    expect(refused().every(({ status }) => status === 503)).toBe(true);
    expect(await figure('nestor_inflight_bytes')).toBeLessThanOrEqual(112 * MIB);
    await smallGoOn();
    await nothingIsHeld();
  });

  it('is counted for files that are labelled as they arrive', async () => {
    await openAll(
      `${head('/predict', 'Accept: text/csv\r\nTransfer-Encoding: chunked').replace('application/json', 'text/csv')}5\r\nCHAS,\r\n`,
    );
    await until(async () => (await figure('nestor_inflight_bytes')) === CLIENTS * MIB);
    await smallGoOn();
    const quote = `100000\r\n"${'x'.repeat(MIB - 1)}\r\n`;
    clients.map(({ socket }) => socket.write(quote));
    await until(() => served.log.some(({ code }) => code === 'MEMORY_FULL'));
    expect(await figure('nestor_inflight_bytes')).toBeLessThanOrEqual(112 * MIB);
    await smallGoOn();
    await nothingIsHeld();
  });

  it('is counted for the decompressed size of bodies', async () => {
    clients = [await Client.open(served, `${head('/predict', `Content-Length: ${24 * MIB}`)}{"a":`)];
    await until(async () => (await figure('nestor_inflight_bytes')) === 96 * MIB);
    const body = gzipSync(Buffer.alloc(16 * MIB, ' '));
    const answer = await fetch(`${served.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body,
    });
    expect(answer.status).toBe(503);
    await nothingIsHeld();
  });

  it.each([
    '/predict',
    '/v2/models/housing/infer',
    '/v2/repository/index',
    '/v1/models/housing:predict',
    '/invocations',
  ])('is that of parsed JSON, and limits its depth: %s', async (path) => {
    const lists = await post(`${served.url}${path}`, `[${'[],'.repeat(2 * MIB)}[]]`);
    expect(lists.status).toBe(413);
    expect(lists.text).toContain('once it is parsed');
    const deep = await post(`${served.url}${path}`, '['.repeat(MIB));
    expect([400, 422]).toContain(deep.status);
    expect(deep.text).toContain('nested deeper than 100 levels');
    await nothingIsHeld();
  });

  it('is released with each response', async () => {
    const rows = Array.from({ length: 2000 }, () => HOUSE);
    for (let count = 0; count < 20; count += 1) {
      expect((await post(`${served.url}/predict`, rows)).status).toBe(200);
    }
    await nothingIsHeld();
  });
});

describe('the memory of answers', () => {
  it('is counted until they are sent, however slow their readers are', async () => {
    const served = await serve({ MODELS: 'test/models/identity-fp32', MAX_ROWS: '10000000' });
    const held = async () =>
      Number(/^nestor_inflight_bytes (.*)$/m.exec((await get(`${served.url}/metrics`)).text)![1]);
    const tensors = Buffer.alloc(8 * MIB);
    const { client, answer } = await askAndStall(served, tensors);
    // The request takes twice its bytes, and its answer, text of two characters an element, twice its own.
    await until(async () => (await held()) >= 2 * tensors.length + (2 * tensors.length) / 2);
    client.socket.resume();
    await until(async () => (await held()) === 0);
    // What has left the server may still lie in the kernel's buffers.
    await until(() => answer() > tensors.length / 2);
    client.socket.destroy();
  });
});

/** Asks for tensors as text, and does not read the answer. */
async function askAndStall(served: Served, tensors: Buffer) {
  const input = {
    name: 'x',
    datatype: 'FP32',
    shape: [tensors.length / 8, 2],
    parameters: { binary_data_size: tensors.length },
  };
  const json = JSON.stringify({ inputs: [input] });
  const headers = `Inference-Header-Content-Length: ${json.length}\r\nContent-Length: ${json.length + tensors.length}`;
  const raw = head('/v2/models/identity-fp32/infer', headers).replace('application/json', 'application/octet-stream');
  const client = await Client.open(served, '');
  client.socket.pause();
  client.socket.write(raw + json);
  client.socket.write(tensors);
  return { client, answer: () => client.answer.length };
}
