import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from './nestor.ts';
import { processEnvironment } from './spawn.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
/** At debug level each request's rows are logged: some 10 kB. */
const HOUSES = JSON.stringify(new Array(150).fill(HOUSE));

const servers = new Set<ChildProcess>();

afterEach(async () => {
  for (const server of servers) {
    if (server.exitCode === null && server.signalCode === null && server.kill('SIGKILL')) await once(server, 'exit');
  }
  servers.clear();
});

/** A pipe: what is written to one end can be read at the other. */
function pipe(): { readonly reader: number; readonly writer: number } {
  const path = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader, writer: openSync(path, 'w') };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A server whose standard output is this file descriptor, which is closed here; it is ready when this resolves. */
async function startWith(stdout: number, env: Record<string, string>) {
  const port = await freePort();
  const server = spawn(process.execPath, ['dist/bundle/main.js'], {
    env: {
      ...processEnvironment(),
      ...{
        HOST: '127.0.0.1',
        PORT: `${port}`,
        MODELS: 'models/housing',
        PROTOCOLS: 'plain',
        DRAIN_SECONDS: '0',
        LOG_LEVEL: 'debug',
      },
      ...env,
    },
    stdio: ['ignore', stdout, 'pipe'],
  });
  servers.add(server);
  closeSync(stdout);
  const url = `http://127.0.0.1:${port}`;
  const exited = once(server, 'close').then(([code, signal]) => ({ code, signal }));
  const stderr = text(server.stderr!);
  while ((await fetch(`${url}/readyz`).catch(() => undefined))?.status !== 200) await pause(50);
  return { server, url, exited, stderr };
}

async function predict(url: string): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/predict`, { method: 'POST', body: HOUSES, headers });
  await response.arrayBuffer();
  return response.status;
}

async function lostLines(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^nestor_log_lines_lost_total (\d+)$/m.exec(metrics)![1]);
}

describe.each(['json', 'pretty'])('the log as %s loses only lines, and counts them', (format) => {
  const env = { LOG_FORMAT: format };

  it('on a full disk', async () => {
    const { server, url, exited, stderr } = await startWith(openSync('/dev/full', 'w'), env);
    while ((await lostLines(url)) === 0) expect(await predict(url)).toBe(200);
    server.kill('SIGTERM');
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(await stderr).toBe('');
  });

  it('if its reader has closed the pipe', async () => {
    const { reader, writer } = pipe();
    const { server, url, exited, stderr } = await startWith(writer, env);
    expect(await lostLines(url)).toBe(0);
    closeSync(reader);
    while ((await lostLines(url)) === 0) expect(await predict(url)).toBe(200);
    server.kill('SIGTERM');
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(await stderr).toBe('');
  });

  it('if its reader does not read', async () => {
    const { reader, writer } = pipe();
    const { server, url, exited, stderr } = await startWith(writer, env);
    // Lines of some megabytes may wait.
    let predictions = 0;
    for (; (await lostLines(url)) === 0; predictions += 1) expect(await predict(url)).toBe(200);
    expect(predictions).toBeGreaterThan(100);
    expect(predictions).toBeLessThan(2000);
    server.kill('SIGTERM');
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(await stderr).toBe('');
    closeSync(reader);
  });
});

it('a failed start also ends if the disk is full', async () => {
  const stdout = openSync('/dev/full', 'w');
  const server = spawn(process.execPath, ['dist/bundle/main.js'], {
    env: { ...processEnvironment(), MODELS: 'test/models/invalid' },
    stdio: ['ignore', stdout, 'pipe'],
  });
  servers.add(server);
  closeSync(stdout);
  expect(await once(server, 'exit')).toEqual([1, null]);
});
