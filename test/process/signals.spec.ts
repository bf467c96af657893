import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { NESTOR, temporaryFolder } from './nestor.ts';
import { processEnvironment, ServerProcess } from './spawn.ts';

/** Starts in a moment. */
const SMALL = { MODELS: 'test/models/identity-fp32', PROTOCOLS: 'plain' };
const STOPS = ['SIGTERM', 'SIGINT'] as const;
const preload = (code: string) => ({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` });

/** The `slow` model in a worker thread, which runs this long when it is tried and loaded. */
function slowAtLoad(milliseconds: number): string {
  const models = temporaryFolder();
  cpSync('test/models/slow', join(models, 'slow'), { recursive: true });
  const manifest = { examples: [{ milliseconds }], execution: { where: 'pool', workers: 1 } };
  writeFileSync(join(models, 'slow', 'model.json'), JSON.stringify(manifest));
  return models;
}

/** A server with a prediction in a worker thread that takes longer than any test. */
async function slowServer(env: Record<string, string>) {
  const server = new ServerProcess({
    MODELS: slowAtLoad(1),
    PROTOCOLS: 'plain',
    REQUEST_TIMEOUT_SECONDS: '600',
    ...env,
  });
  const url = await server.ready();
  const body = JSON.stringify({ milliseconds: 300_000 });
  const headers = { 'content-type': 'application/json' };
  const cut = expect(fetch(`${url}/predict`, { method: 'POST', body, headers })).rejects.toThrow();
  await workerRuns(server.child);
  return { server, cut };
}

/** Resolves once a version is tried in a process of its own, with the id of that. */
async function trialOf({ pid }: ChildProcess): Promise<string> {
  for (;;) {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    if (child) return child;
    await pause(20);
  }
}

/** Resolves once a worker thread has been running for a while: it is nicer than the main thread. */
async function workerRuns({ pid }: ChildProcess): Promise<void> {
  const thread = (id: string) => {
    const fields = readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return { ticks: Number(fields[11]), nice: Number(fields[16]) };
  };
  const { nice } = thread(`${pid}`);
  const isBusyWorker = (id: string): boolean => thread(id).nice > nice && thread(id).ticks > 50;
  while (!readdirSync(`/proc/${pid}/task`).some(isBusyWorker)) await pause(20);
}

describe('before anything is served', () => {
  it.each(STOPS)('%s ends the process with exit code 0 as soon as there is a handler', async (signal) => {
    const atOnce = `process.on('newListener', (name) => {
      if (name === '${signal}') setImmediate(() => process.kill(process.pid, '${signal}'));
    });`;
    const server = new ServerProcess({ ...SMALL, ...preload(atOnce) });
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect({ stdout: server.stdout, stderr: server.stderr }).toEqual({ stdout: '', stderr: '' });
  });

  it('signals have handlers before the code of the server is loaded', () => {
    const loaded = new Set<string>();
    const load = (file: string): void => {
      if (loaded.has(file)) return;
      loaded.add(file);
      const code = readFileSync(join('dist/bundle', file), 'utf8');
      for (const [, imported] of code.matchAll(/(?:^|from |\bimport )"\.\/([\w-]+\.js)"/gm)) load(imported!);
    };
    load('server.js');
    const bytes = [...loaded].reduce((sum, file) => sum + statSync(join('dist/bundle', file)).size, 0);
    expect([...loaded].map((file) => readFileSync(join('dist/bundle', file), 'utf8')).join()).toContain('SIGTERM');
    expect(bytes).toBeLessThan(16_384);
  });

  it.each(STOPS)('%s ends the process, and the process that tries a version', async (signal) => {
    const server = new ServerProcess({ MODELS: slowAtLoad(60_000) });
    const trial = await trialOf(server.child);
    server.child.kill(signal);
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.stderr).toBe('');
    while (existsSync(`/proc/${trial}`)) await pause(20);
  });

  it('a check that is stopped has failed', async () => {
    const server = new ServerProcess({ MODELS: slowAtLoad(60_000) }, ['--check']);
    await trialOf(server.child);
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 1, signal: null });
    expect(server.stdout).not.toContain('would serve');
  });

  it('a stop while the port is being opened is not a failed start', async () => {
    const whileOpening = `import net from 'node:net';
      const { listen } = net.Server.prototype;
      net.Server.prototype.listen = function (...given) {
        process.kill(process.pid, 'SIGTERM');
        return listen.apply(this, given);
      };`;
    const server = new ServerProcess({ MODELS: SMALL.MODELS, DRAIN_SECONDS: '0', ...preload(whileOpening) });
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.stderr).toBe('');
  });
});

describe('while a worker thread still runs', () => {
  it('SIGTERM ends the process after SHUTDOWN_SECONDS', async () => {
    const { server, cut } = await slowServer({ DRAIN_SECONDS: '0', SHUTDOWN_SECONDS: '1' });
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    await cut;
  });

  it('a second SIGINT ends the process at once', async () => {
    const { server, cut } = await slowServer({});
    server.child.kill('SIGINT');
    await server.logged('stopping: waiting only for requests in flight');
    // Until then it would be the same key still.
    await pause(600);
    server.child.kill('SIGINT');
    expect(await server.exited).toEqual({ code: 130, signal: null });
    await cut;
  });
});

describe('any other signal', () => {
  it('kills, as it does any process', async () => {
    const signals = ['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGABRT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const;
    const servers = signals.map((signal) => ({ signal, server: new ServerProcess(SMALL) }));
    for (const { signal, server } of servers) {
      await server.ready();
      server.child.kill(signal);
      expect(await server.exited).toEqual({ code: null, signal });
    }
  });
});

describe('npm start', () => {
  const groups: ChildProcess[] = [];

  /** Without the build, which would replace what other specs run. It leads a group of processes, as in a terminal. */
  async function npmStart(env: Record<string, string>) {
    const child = spawn('npm', ['start', '--ignore-scripts'], {
      env: { ...processEnvironment(), HOST: '127.0.0.1', PORT: '0', ...SMALL, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    groups.push(child);
    let stdout = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    while (!stdout.includes('"url":"')) await once(child.stdout, 'data');
    const url = /"url":"([^"]+)"/.exec(stdout)![1]!;
    const exited = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout }));
    return { child, url, exited };
  }

  afterEach(() => {
    for (const { pid } of groups.splice(0)) {
      try {
        process.kill(-pid!, 'SIGKILL');
      } catch {
        // All of it has ended.
      }
    }
  });

  it('ends with the server on SIGTERM, which npm forwards', async () => {
    const { child, url, exited } = await npmStart({ DRAIN_SECONDS: '0' });
    child.kill('SIGTERM');
    const { code, signal, stdout } = await exited;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(stdout).toContain('"msg":"stopped"');
    await expect(fetch(url)).rejects.toThrow();
  });

  it('waits for requests in flight on Ctrl-C, which both the terminal and npm send', async () => {
    const { child, url, exited } = await npmStart({ DRAIN_SECONDS: '30' });
    const body = JSON.stringify({ x: [1, 2] });
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const request = httpRequest(`${url}/predict`, { method: 'POST', headers });
    request.write(body.slice(0, 5));
    await fetch(`${url}/livez`);
    process.kill(-child.pid!, 'SIGINT');
    while (await fetch(`${url}/livez`).catch(() => undefined)) await pause(10);
    await pause(100);
    request.end(body.slice(5));
    const [response] = await once(request, 'response');
    expect(await text(response)).toContain('prediction');
    expect(response.statusCode).toBe(200);
    expect(await exited).toMatchObject({ code: 0, signal: null });
  });
});

describe('nestor serve', () => {
  it('stops only on SIGINT and SIGTERM, as the server does', async () => {
    const child = spawn(process.execPath, [NESTOR, 'serve', resolve(SMALL.MODELS), '--port', '0', '--grpc-port', '0'], {
      env: { ...processEnvironment(), DRAIN_SECONDS: '30' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    while (!String(await once(child.stdout, 'data')).includes('"url":"'));
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});
