import { Agent, type ClientRequest, request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { ServerProcess } from './spawn.ts';

const MODELS = 'models/housing';
const HOUSE = JSON.stringify({ CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 });

interface Reply {
  readonly status: number | undefined;
  readonly connection: string | undefined;
}

/** One prediction over the agent's connections. */
async function predict(url: string, agent: Agent): Promise<Reply> {
  const request = httpRequest(`${url}/predict`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json' },
  });
  request.end(HOUSE);
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'end');
  return { status: response.statusCode, connection: response.headers.connection };
}

/** A prediction of which the server has the beginning. */
async function begin(url: string): Promise<{ readonly request: ClientRequest; readonly finish: () => void }> {
  const request = httpRequest(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': HOUSE.length },
  });
  request.write(HOUSE.slice(0, 10));
  // Over a connection that is later than the request's.
  await fetch(`${url}/livez`);
  return { request, finish: () => request.end(HOUSE.slice(10)) };
}

describe('a signal', () => {
  it.each([
    ['SIGTERM', '0'],
    ['SIGINT', '38'],
  ] as const)('%s stops an idle server with exit code 0 (DRAIN_SECONDS %s)', async (signal, drainSeconds) => {
    const server = new ServerProcess({ MODELS, DRAIN_SECONDS: drainSeconds });
    await server.ready();
    server.child.kill(signal);
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.stderr).toBe('');
    expect(server.log.at(-1)).toMatchObject({ msg: 'stopped' });
  });

  it('loses no request of busy keep-alive clients, and closes each connection', async () => {
    const server = new ServerProcess({ MODELS, DRAIN_SECONDS: '1' });
    const url = await server.ready();
    const replies: Reply[] = [];
    // A client goes on over its one connection until it is told to close it: any error on the way is a loss.
    const client = async (agent: Agent): Promise<void> => {
      for (;;) {
        const reply = await predict(url, agent);
        replies.push(reply);
        if (reply.connection === 'close') return;
      }
    };
    const clients = Array.from({ length: 8 }, () => client(new Agent({ keepAlive: true, maxSockets: 1 })));
    while (replies.length < 100) await new Promise((resolve) => setImmediate(resolve));
    server.child.kill('SIGTERM');
    await Promise.all(clients);
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('changes readiness, not liveness, and continues to serve during the drain', async () => {
    const server = new ServerProcess({ MODELS, DRAIN_SECONDS: '2' });
    const url = await server.ready();
    server.child.kill('SIGTERM');
    await server.logged('draining');
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(ready.headers.get('connection')).toBe('close');
    expect(await ready.json()).toMatchObject({ details: { models: { status: 'down', reason: 'draining' } } });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await predict(url, new Agent())).status).toBe(200);
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it('that is repeated does not shorten the drain', async () => {
    const server = new ServerProcess({ MODELS, DRAIN_SECONDS: '2' });
    await server.ready();
    server.child.kill('SIGTERM');
    await server.logged('draining');
    server.child.kill('SIGTERM');
    await server.logged('drained');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    const at = (msg: RegExp): number =>
      Date.parse(String(server.log.find((line) => msg.test(String(line['msg'])))!['time']));
    expect(at(/^drained/) - at(/^draining/)).toBeGreaterThanOrEqual(1990);
  });

  it('SIGINT during the drain ends it, and requests in flight are still answered', async () => {
    const server = new ServerProcess({ MODELS, DRAIN_SECONDS: '38' });
    const url = await server.ready();
    const { request, finish } = await begin(url);
    server.child.kill('SIGTERM');
    await server.logged('draining');
    server.child.kill('SIGINT');
    await server.logged('drained');
    finish();
    expect((await once(request, 'response'))[0].statusCode).toBe(200);
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it.each([
    ['SIGTERM', '0'],
    ['SIGINT', '38'],
  ] as const)(
    '%s waits for a request whose body is still arriving (DRAIN_SECONDS %s)',
    async (signal, drainSeconds) => {
      const server = new ServerProcess({ MODELS, DRAIN_SECONDS: drainSeconds });
      const url = await server.ready();
      const { request, finish } = await begin(url);
      server.child.kill(signal);
      await expect(
        (async () => {
          for (;;) await fetch(`${url}/livez`);
        })(),
      ).rejects.toThrow();
      finish();
      expect((await once(request, 'response'))[0].statusCode).toBe(200);
      expect(await server.exited).toEqual({ code: 0, signal: null });
    },
  );

  it('cuts off requests at the deadline of the stop, and still exits with code 0', async () => {
    const server = new ServerProcess({ MODELS, DRAIN_SECONDS: '0', SHUTDOWN_SECONDS: '1' });
    const url = await server.ready();
    const request = httpRequest(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 100 },
    });
    const failed = once(request, 'error');
    request.write('{');
    await fetch(`${url}/livez`);
    server.child.kill('SIGTERM');
    await failed;
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });
});
