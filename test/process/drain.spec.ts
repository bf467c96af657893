import { Agent, request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { ServerProcess } from './spawn.ts';

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

describe('a signal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s stops an idle server with exit code 0', async (signal) => {
    const server = new ServerProcess({ DRAIN_SECONDS: '0' });
    await server.ready();
    server.child.kill(signal);
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.stderr).toBe('');
    expect(server.log.at(-1)).toMatchObject({ msg: 'stopped' });
  });

  it('loses no request of busy keep-alive clients, and lets each of them go', async () => {
    const server = new ServerProcess({ DRAIN_SECONDS: '1' });
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

  it('turns readiness, not liveness, and goes on answering while it drains', async () => {
    const server = new ServerProcess({ DRAIN_SECONDS: '2' });
    const url = await server.ready();
    server.child.kill('SIGTERM');
    while (!server.stdout.includes('draining')) await once(server.child.stdout, 'data');
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(ready.headers.get('connection')).toBe('close');
    expect(await ready.json()).toMatchObject({ details: { models: { status: 'down', reason: 'draining' } } });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await predict(url, new Agent())).status).toBe(200);
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it('waits for a request whose body is still arriving', async () => {
    const server = new ServerProcess({ DRAIN_SECONDS: '0', SHUTDOWN_SECONDS: '20' });
    const url = await server.ready();
    const request = httpRequest(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': HOUSE.length },
    });
    request.write(HOUSE.slice(0, 10));
    while (!server.stdout.includes('"msg"')) await once(server.child.stdout, 'data');
    await fetch(`${url}/livez`);
    server.child.kill('SIGTERM');
    await expect(
      (async () => {
        for (;;) await fetch(`${url}/livez`);
      })(),
    ).rejects.toThrow();
    request.end(HOUSE.slice(10));
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(200);
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it('cuts what outlasts the deadline of the stop, and still exits 0', async () => {
    const server = new ServerProcess({ DRAIN_SECONDS: '0', SHUTDOWN_SECONDS: '1' });
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
