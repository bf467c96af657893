import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { get, type Served, serve, until } from '../serve.ts';

const HOUSE = JSON.stringify({ CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 });

async function open({ url }: Served): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Writes raw bytes, and reads what comes until the server closes the connection. */
async function exchange(served: Served, bytes: string): Promise<{ head: string; json: any }> {
  const socket = await open(served);
  socket.write(bytes);
  const [head, body] = (await text(socket)).split('\r\n\r\n');
  return { head: head!, json: JSON.parse(body!) };
}

const head = (path: string, length: number): string =>
  `POST ${path} HTTP/1.1\r\nHost: nestor\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

const idOf = (answer: string): string => /^x-request-id: (.*)$/im.exec(answer)![1]!.trim();
const lineOf = ({ log }: Served, id: string) => log.find(({ requestId }) => requestId === id);
const countsOf = async ({ url }: Served) =>
  (await get(`${url}/metrics`)).text.split('\n').filter((line) => line.startsWith('nestor_http_requests_total'));

describe('a request that stops arriving', () => {
  it.each(['/predict', '/v2/models/housing/infer'])(
    'is answered 408 and leaves a line and a count: %s',
    async (path) => {
      const served = await serve({ REQUEST_TIMEOUT_SECONDS: '1', MODELS: 'models/housing' });
      const { head: answer, json } = await exchange(served, `${head(path, 1000)}{"CHAS":`);
      expect(answer).toMatch(/^HTTP\/1.1 408 /);
      expect(JSON.stringify(json)).toContain('did not arrive within 1 s (REQUEST_TIMEOUT_SECONDS)');
      const id = idOf(answer);
      expect(lineOf(served, id)).toMatchObject({ path, status: 408, code: 'BODY_TIMEOUT' });
      expect(served.log.filter(({ requestId }) => requestId === id)).toHaveLength(1);
      expect((await countsOf(served)).join()).toMatch(/route="[^"]*(?:predict|infer)",status="408"\} 1/);
    },
  );

  it('is answered 408 also if its headers stop', async () => {
    const served = await serve({ REQUEST_TIMEOUT_SECONDS: '1', MODELS: 'models/housing' });
    const { head: answer, json } = await exchange(served, 'POST /predict HTTP/1.1\r\nHost: nes');
    expect(json).toMatchObject({ status: 408, code: 'BODY_TIMEOUT', requestId: idOf(answer) });
    expect(lineOf(served, idOf(answer))).toMatchObject({ status: 408, code: 'BODY_TIMEOUT' });
  });
});

describe('an invalid request', () => {
  it.each([
    ['bytes that are no HTTP', 'hello\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    [
      'two lengths',
      'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'MALFORMED_REQUEST',
    ],
    ['headers without end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    [
      'a path that cannot be decoded',
      'GET /models/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      404,
      'UNKNOWN_PATH',
    ],
  ])('%s is answered in the form of every error, with a line and a count', async (_, bytes, status, code) => {
    const served = await serve({ MODELS: 'models/housing' });
    const { head: answer, json } = await exchange(served, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/^content-type: application\/problem\+json/im);
    expect(json).toMatchObject({ status, code, requestId: idOf(answer) });
    await until(() => lineOf(served, idOf(answer)) !== undefined);
    expect(lineOf(served, idOf(answer))).toMatchObject({ status, code });
    expect((await countsOf(served)).join()).toContain(`status="${status}"} 1`);
  });
});

describe('callers who leave', () => {
  it('before the response are counted as 499', async () => {
    const slow = { MODELS: 'test/models/slow', EXECUTION: 'pool', WORKERS: '1', MAX_QUEUE_MS: '60000' };
    const served = await serve(slow);
    const [input] = (await get(`${served.url}/v2/models/slow`)).json.inputs;
    const shape = input.shape.map((size: number) => Math.abs(size));
    const body = JSON.stringify({ inputs: [{ ...input, shape, data: [500] }] });
    let seen = 0;
    served.app.getHttpServer().on('request', () => (seen += 1));
    const sockets = await Promise.all(Array.from({ length: 20 }, () => open(served)));
    // Half of them leave while their body is still under way.
    for (const [at, socket] of sockets.entries())
      socket.write(head('/v2/models/slow/infer', body.length + (at % 2)) + body);
    await until(() => seen === 20);
    for (const socket of sockets) socket.destroy();
    const left = () => served.log.filter(({ status }) => status === 499);
    await until(() => left().length >= 20);
    expect(left().every(({ code }) => code === 'CANCELLED')).toBe(true);
    expect((await countsOf(served)).join()).toContain('status="499"} 20');
  });

  it('after the response are not', async () => {
    const served = await serve({ MODELS: 'models/housing' });
    const socket = await open(served);
    socket.write(head('/predict', HOUSE.length) + HOUSE);
    await once(socket, 'data');
    socket.destroy();
    await get(`${served.url}/livez`);
    expect(served.log.filter(({ msg }) => msg === 'request').map(({ status }) => status)).toEqual([200]);
  });
});
