import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ServerProcess } from './spawn.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };

const failedStart = async (env: Record<string, string>) => {
  const server = new ServerProcess(env);
  const { code } = await server.exited;
  return { code, stderr: server.stderr, stdout: server.stdout };
};

describe('the built server starts', () => {
  it('serves a prediction, with nothing on stderr and one line that says where it listens', async () => {
    const server = new ServerProcess({});
    const url = await server.ready();
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      body: JSON.stringify(HOUSE),
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(200);
    expect(server.stderr).toBe('');
    expect(server.log.filter(({ url: address }) => address === url)).toHaveLength(1);
    expect(server.stdout).toContain('curl ');
  });

  it('also if its own niceness leaves little room for that of worker threads', async () => {
    const env = { MODELS: 'test/models/slow', PROTOCOLS: 'plain', EXECUTION: 'pool' };
    const server = new ServerProcess(env, [], ['nice', '-n', '15']);
    const url = await server.ready();
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      body: '{"milliseconds": 1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(200);
  });

  it('prints its settings with --help, and its version with --version', async () => {
    const help = new ServerProcess({}, ['--help']);
    expect(await help.exited).toMatchObject({ code: 0 });
    expect(help.stdout).toContain('PORT');
    const version = new ServerProcess({}, ['--version']);
    expect(await version.exited).toMatchObject({ code: 0 });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('--check', () => {
  it('loads the models, opens no port, and says that it would serve', async () => {
    const server = new ServerProcess({ PORT: '1' }, ['--check']);
    expect(await server.exited).toMatchObject({ code: 0 });
    expect(server.stderr).toBe('');
    expect(server.log.at(-1)).toMatchObject({ models: ['digits', 'housing', 'wine'] });
    expect(server.log.filter(({ url }) => url !== undefined)).toEqual([]);
  });

  it('fails if any model or version fails, lists all of these, and does not say that it would serve', async () => {
    const models = mkdtempSync(join(tmpdir(), 'nestor-'));
    cpSync('models/wine', join(models, 'wine'), { recursive: true });
    cpSync('test/models/two-versions', join(models, 'two-versions'), { recursive: true });
    writeFileSync(join(models, 'two-versions', 'model.json'), '{"versions": "all"}');
    writeFileSync(join(models, 'two-versions', '1', 'model.onnx'), 'this is no model');
    writeFileSync(join(models, 'broken.onnx'), 'nor is this');
    for (const DEFAULT_MODEL of ['wine', 'broken']) {
      const server = new ServerProcess({ MODELS: models, DEFAULT_MODEL }, ['--check']);
      expect(await server.exited).toMatchObject({ code: 1 });
      expect(server.stderr).toContain(join('two-versions', '1', 'model.onnx'));
      expect(server.stderr).toContain('broken.onnx');
      expect(server.stderr).not.toMatch(/wine|\n\s+at /);
      expect(server.stdout).not.toContain('would serve');
    }
  });

  it('reports what is wrong, as a start does', async () => {
    const server = new ServerProcess({ MODELS: '/nowhere/models' }, ['--check']);
    expect(await server.exited).toMatchObject({ code: 1 });
    expect(server.stderr).toContain('/nowhere/models');
  });

  // While coverage is measured there is none.
  (process.env['CHILD_COVERAGE'] ? it.skip : it)(
    'leaves behind what V8 made of the code, for the next start',
    async () => {
      await new ServerProcess({}, ['--check']).exited;
      expect(readdirSync('dist/compile-cache')).not.toEqual([]);
    },
  );
});

describe('a failed start ends with exit code 1 and a message', () => {
  it('wrong settings, all at once and without their values', async () => {
    const { code, stderr } = await failedStart({ PORT: 'http-port-x', LOG_LEVEL: 'loud-x', MAX_ROWS: '0' });
    expect(code).toBe(1);
    for (const name of ['PORT', 'LOG_LEVEL', 'MAX_ROWS']) expect(stderr).toContain(name);
    expect(stderr).not.toMatch(/http-port-x|loud-x|\n\s+at /);
  });

  it('a repository that does not exist', async () => {
    const { code, stderr } = await failedStart({ MODELS: '/nowhere/models' });
    expect(code).toBe(1);
    expect(stderr).toContain('/nowhere/models');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('a corrupt model', async () => {
    const repository = mkdtempSync(join(tmpdir(), 'nestor-'));
    mkdirSync(join(repository, 'broken', '1'), { recursive: true });
    writeFileSync(join(repository, 'broken', '1', 'model.onnx'), 'this is no model');
    const { code, stderr } = await failedStart({ MODELS: repository });
    expect(code).toBe(1);
    expect(stderr).toContain('broken');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('an unknown default model', async () => {
    const { code, stderr } = await failedStart({ DEFAULT_MODEL: 'castles' });
    expect(code).toBe(1);
    expect(stderr).toContain('castles');
  });

  it('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, stderr, stdout } = await failedStart({ PORT: String(port) });
    other.close();
    expect(stdout).not.toContain('EADDRINUSE');
    expect(code).toBe(1);
    expect(stderr).toContain(String(port));
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
