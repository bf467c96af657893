import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { get, serve, type Served, sharedServer, until } from '../serve.ts';

const MIB = 2 ** 20;
const HOUSE = JSON.stringify({ CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 });
const KEY = 'the-key-of-this-spec';
const JSON_TYPE = { 'content-type': 'application/json', 'x-api-key': KEY };
/** More than what lies between client and server while nobody reads. */
const LARGE = Buffer.alloc(24 * MIB, ' ');

const folder = mkdtempSync(join(tmpdir(), 'nestor-keys-'));
const keysFile = join(folder, 'keys');
beforeAll(() => writeFileSync(keysFile, KEY));
afterAll(() => rmSync(folder, { recursive: true }));

const env = { MODELS: 'models/housing', MAX_BODY_BYTES: '1000', API_KEYS_FILE: keysFile };
const server = (): Promise<Served> => sharedServer(env);

type Refusal = [what: string, path: string, headers: Record<string, string>, status: number];
const REFUSALS: Refusal[] = [
  ['a missing key', '/predict', { 'x-api-key': '' }, 401],
  ['an unknown path', '/nowhere', {}, 404],
  ['an unknown model', '/models/nobody/predict', {}, 404],
  ['a model that V2 does not know', '/v2/models/nobody/infer', {}, 404],
  ['a model that V1 does not know', '/v1/models/nobody:predict', {}, 404],
  ['a picture for a model of rows', '/predict', { 'content-type': 'image/png' }, 415],
  ['a path that V2 does not know', '/v2/nowhere', {}, 404],
  ['too large a body', '/predict', {}, 413],
  ['too large a body of V2', '/v2/models/housing/infer', {}, 413],
];

interface Exchange {
  readonly response: IncomingMessage;
  readonly request: ClientRequest;
  readonly body: string;
}

/** Sends as Node's own client does, and reads the answer; rejects where sending fails. */
async function send(url: string, headers: Record<string, string | number>, body: Buffer, agent?: Agent) {
  const request = httpRequest(url, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, agent });
  const failed = once(request, 'error').then(([error]) => Promise.reject(error as Error));
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.end(body);
  const [response] = await Promise.race([answered, failed]);
  const exchange: Exchange = { request, response, body: await Promise.race([text(response), failed]) };
  return exchange;
}

async function open({ url }: Served): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

const head = (path: string, headers: string, type = 'application/json'): string =>
  `POST ${path} HTTP/1.1\r\nHost: nestor\r\nX-Api-Key: ${KEY}\r\nContent-Type: ${type}\r\n${headers}\r\n\r\n`;

describe('a request that is rejected while its body arrives', () => {
  describe.each(REFUSALS)('for %s', (_, path, headers, status) => {
    it("reaches Node's client, whose connection stays open", async () => {
      const { url } = await server();
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const first = await send(`${url}${path}`, headers, LARGE, agent);
      expect(first.response.statusCode).toBe(status);
      expect(first.body).not.toBe('');
      const second = await send(`${url}/predict`, {}, Buffer.from(HOUSE), agent);
      expect(second.response.statusCode).toBe(200);
      expect(second.request.socket).toBe(first.request.socket);
      agent.destroy();
    });

    it('reaches a client that closes the connection afterwards', async () => {
      const { url } = await server();
      const { response, body } = await send(`${url}${path}`, { ...headers, connection: 'close' }, LARGE);
      expect(response.statusCode).toBe(status);
      expect(body).not.toBe('');
    });

    it('reaches fetch, and a body that comes in chunks', async () => {
      const { url } = await server();
      const chunks = new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (let at = 0; at < LARGE.length; at += MIB) controller.enqueue(LARGE.subarray(at, at + MIB));
          controller.close();
        },
      });
      for (const body of [LARGE, chunks]) {
        const init = { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body, duplex: 'half' } as const;
        expect((await fetch(`${url}${path}`, init)).status).toBe(status);
      }
    });

    it('reaches a client that sends all of it before it reads', async () => {
      const socket = await open(await server());
      const { 'content-type': type, ...others } = headers;
      const extra = Object.entries(others).map(([name, value]) => `${name}: ${value}\r\n`);
      const raw = head(path, `${extra.join('')}Connection: close\r\nContent-Length: ${LARGE.length}`, type);
      socket.pause();
      socket.write(path === '/predict' && status === 401 ? raw.replace(KEY, '') : raw);
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.write(LARGE, (error) => (error ? reject(error) : resolve()));
      });
      expect(await text(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\n\r\n\\{`));
    });
  });

  it('for memory, encoding and rate', async () => {
    const full = await serve({ MODELS: 'models/housing', MAX_INFLIGHT_BYTES: String(128 * MIB) });
    const hog = await open(full);
    hog.write(head('/predict', `Content-Length: ${28 * MIB}`));
    await until(async () => /^nestor_inflight_bytes 1/m.test((await get(`${full.url}/metrics`)).text));
    expect((await send(`${full.url}/predict`, {}, LARGE)).response.statusCode).toBe(503);
    hog.destroy();
    const { url } = await sharedServer({ MODELS: 'models/housing' });
    const encoded = await send(`${url}/predict`, { 'content-encoding': 'br' }, LARGE);
    expect(encoded.response.statusCode).toBe(415);
    const limited = await serve({ MODELS: 'models/housing', RATE_LIMIT_PER_MINUTE: '1' });
    expect((await send(`${limited.url}/predict`, {}, Buffer.from(HOUSE))).response.statusCode).toBe(200);
    expect((await send(`${limited.url}/predict`, {}, LARGE)).response.statusCode).toBe(429);
  });

  it('is cut off if the body continues for too long, and is recorded once', async () => {
    const served = await serve(env);
    const socket = await open(served);
    socket.on('error', () => {}).resume();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(head('/nowhere', 'Transfer-Encoding: chunked'));
    const chunk = `100000\r\n${' '.repeat(MIB)}\r\n`;
    let sent = 0;
    while (!socket.destroyed && sent < 400) {
      sent += 1;
      if (!socket.write(chunk)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    }
    await closed;
    expect(served.log.filter(({ msg }) => msg === 'request')).toMatchObject([{ status: 404 }]);
  });

  it('is cut off if the body stops, and is recorded once', async () => {
    const served = await serve({ ...env, REQUEST_TIMEOUT_SECONDS: '1' });
    const socket = await open(served);
    socket.write(`${head('/nowhere', 'Content-Length: 1000')}{`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 404 [^]*\}$/);
    expect(served.log.filter(({ msg }) => msg === 'request')).toMatchObject([{ status: 404 }]);
  });
});

describe('Expect: 100-continue', () => {
  /** What comes first for a request whose client waits before it sends its body. */
  async function expectation(path: string, headers: Record<string, string>) {
    const { url } = await server();
    const request = httpRequest(`${url}${path}`, {
      method: 'POST',
      headers: { ...JSON_TYPE, 'content-length': HOUSE.length, ...headers, expect: '100-continue' },
    });
    request.flushHeaders();
    const continued = once(request, 'continue').then(() => true);
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    const isContinued = await Promise.race([continued, answered.then(() => false)]);
    if (isContinued) request.end(HOUSE);
    const [response] = await answered;
    const body = await text(response);
    request.destroy();
    return { isContinued, status: response.statusCode, connection: response.headers.connection, body };
  }

  const encoding: Refusal = ['an encoding that is not understood', '/predict', { 'content-encoding': 'br' }, 415];
  it.each([...REFUSALS, encoding])('is answered at once for %s', async (_, path, headers, status) => {
    const length = status === 413 ? { 'content-length': '100000' } : {};
    const answer = await expectation(path, { ...headers, ...length });
    // What the client sends next may be its body or another request: nobody can tell.
    expect(answer).toMatchObject({ isContinued: false, status, connection: 'close' });
    expect(answer.body).not.toBe('');
  });

  it.each([
    ['/predict', {}],
    ['/predict', { 'content-type': 'text/csv', accept: 'text/csv' }],
    ['/v2/models/housing/infer', {}],
  ])('asks for the body that will be read: %s', async (path, headers) => {
    expect(await expectation(path, headers)).toMatchObject({ isContinued: true });
  });
});
