import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ServerProcess } from '../process/spawn.ts';

/**
 * The published clients against the built server. pytest runs each test_*.py of this folder in a process of its own
 * (two of the clients define the same protobuf messages), and each of its tests is one test here, under the client's
 * name. Without the environment that install.sh makes, all are skipped.
 */
const HERE = 'test/clients';
const PYTHON = join(HERE, '.venv/clients/bin/python');
const CLIENTS = readdirSync(HERE).flatMap((name) => /^test_(\w+)\.py$/.exec(name)?.[1] ?? []);
const ADMIN_KEY = 'for-the-clients-alone';
/** Its weights are not committed. */
const INCOMPLETE = 'large';

interface Outcome {
  /** Such as `test/clients/test_kserve.py::TestV1::test_predict[wine]`. */
  readonly id: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
}

interface Trial {
  readonly client: string;
  readonly outcomes: readonly Outcome[];
  /** pytest's: 0 and 1 where it ran to its end. */
  readonly code: number;
  readonly output: string;
}

/** A repository of the shipped models and the test models, linked. */
function linkModels(folder: string): string {
  const repository = mkdtempSync(join(folder, 'models-'));
  for (const parent of ['models', 'test/models']) {
    for (const name of readdirSync(parent)) {
      if (name !== INCOMPLETE && existsSync(join(parent, name, '1/model.onnx')))
        symlinkSync(resolve(parent, name), join(repository, name));
    }
  }
  return repository;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function tryClient(client: string, folder: string, environment: Record<string, string>): Promise<Trial> {
  const report = join(folder, `${client}.jsonl`);
  writeFileSync(report, '');
  const options = ['-q', '--tb=short', '--show-capture=no', '--no-header', '-p', 'no:cacheprovider'];
  const pytest = spawn(PYTHON, ['-m', 'pytest', ...options, join(HERE, `test_${client}.py`)], {
    env: { ...process.env, ...environment, NESTOR_REPORT: report, PYTHONDONTWRITEBYTECODE: '1' },
  });
  let output = '';
  for (const stream of [pytest.stdout, pytest.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = (await once(pytest, 'close')) as [number];
  const lines = readFileSync(report, 'utf8').split('\n').filter(Boolean);
  return { client, outcomes: lines.map((line) => JSON.parse(line) as Outcome), code, output };
}

async function tryAll() {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-clients-'));
  const keys = join(folder, 'admin-keys');
  writeFileSync(keys, ADMIN_KEY);
  const grpcPort = await freePort();
  const server = new ServerProcess({
    MODELS: linkModels(folder),
    DEFAULT_MODEL: 'housing',
    GRPC_PORT: String(grpcPort),
    ADMIN: 'on',
    ADMIN_KEYS_FILE: keys,
    DRAIN_SECONDS: '0',
  });
  try {
    const { host } = new URL(await server.ready());
    const environment = {
      NESTOR_HTTP: host,
      NESTOR_GRPC: `127.0.0.1:${grpcPort}`,
      NESTOR_ADMIN_KEY: ADMIN_KEY,
    };
    const trials: Trial[] = [];
    for (const client of CLIENTS) trials.push(await tryClient(client, folder, environment));
    return { trials, server };
  } finally {
    server.child.kill('SIGTERM');
    await server.exited;
    rmSync(folder, { recursive: true });
  }
}

if (!existsSync(PYTHON)) {
  describe('the clients', () => {
    it.skip('are not installed: run test/clients/install.sh', () => undefined);
  });
} else {
  // Tests are declared from what pytest says, and so it runs before them.
  const { trials, server } = await tryAll();

  describe.each(trials)('$client', ({ outcomes, code, output }) => {
    for (const { id, outcome, detail } of outcomes) {
      const name = id.slice(id.indexOf('::') + 2).replace('::', ' ');
      if (outcome === 'skipped') it.skip(`${name} (${detail})`, () => undefined);
      else
        it(name, () => {
          if (outcome === 'failed') throw new Error(detail);
        });
    }

    it('runs to the end', () => {
      if ((code !== 0 && code !== 1) || outcomes.length === 0) throw new Error(output);
    });
  });

  describe('the server', () => {
    it('survives all clients, stops cleanly and logs no errors', async () => {
      expect(await server.exited).toMatchObject({ code: 0 });
      expect(server.stderr).toBe('');
    });

    it('answers none of their mistakes with a server error', () => {
      const own = server.log.filter(({ status }) => Number(status) === 500);
      expect(own).toEqual([]);
    });
  });
}
