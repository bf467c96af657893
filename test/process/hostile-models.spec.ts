import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DEADLY, ENDLESS } from '../../libs/engine/src/testing/hostile-models.fixture.ts';
import { until } from '../serve.ts';
import { ServerProcess } from './spawn.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
const WATCHING = { WATCH: 'on', WATCH_INTERVAL_SECONDS: '1', DRAIN_SECONDS: '0' };

function repository(): string {
  const path = mkdtempSync(join(tmpdir(), 'nestor-'));
  cpSync('models/housing', join(path, 'housing'), { recursive: true });
  return path;
}

function put(place: string, bytes: Buffer): void {
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, bytes);
}

const price = async (url: string): Promise<number> => {
  const response = await fetch(`${url}/models/housing/predict`, {
    method: 'POST',
    body: JSON.stringify(HOUSE),
    headers: { 'content-type': 'application/json' },
  });
  return response.status;
};

const reasonOf = async (url: string, name: string): Promise<string | undefined> => {
  const { versions = [] } = (await (await fetch(`${url}/models/${name}`)).json()) as {
    versions?: { reason?: string }[];
  };
  return versions[0]?.reason;
};

describe('a model that ends the process', () => {
  it('is named in the last line of the log if it does so at the start', async () => {
    const models = repository();
    put(join(models, 'deadly', '1', 'model.onnx'), DEADLY);
    const server = new ServerProcess({ MODELS: models });
    expect((await server.exited).signal).not.toBeNull();
    expect(server.log.at(-1)).toMatchObject({ msg: 'loading model', model: 'deadly', version: '1' });
  });

  it('is not loaded while others are served, which continues', async () => {
    const models = repository();
    const server = new ServerProcess({ MODELS: models, ...WATCHING });
    const url = await server.ready();
    put(join(models, 'deadly', '1', 'model.onnx'), DEADLY);
    await until(async () => (await reasonOf(url, 'deadly')) !== undefined);
    expect(await reasonOf(url, 'deadly')).toMatch(/which it ended \(SIG/);
    expect(await price(url)).toBe(200);
  });
});

describe('a model whose runs never end', () => {
  it('fails at the start, and the others are served', async () => {
    const models = repository();
    put(join(models, 'endless', '1', 'model.onnx'), ENDLESS);
    const server = new ServerProcess({ MODELS: models, LOAD_TIMEOUT_SECONDS: '3' });
    const url = await server.ready();
    expect(await reasonOf(url, 'endless')).toContain('was not ready after 3 s (LOAD_TIMEOUT_SECONDS)');
    expect(await price(url)).toBe(200);
  });

  it('delays neither other models nor the stop', async () => {
    const models = repository();
    const server = new ServerProcess({ MODELS: models, ...WATCHING });
    const url = await server.ready();
    put(join(models, 'endless', '1', 'model.onnx'), ENDLESS);
    await until(async () => (await (await fetch(`${url}/models/endless`)).text()).includes('loading'));
    cpSync('models/wine', join(models, 'wine'), { recursive: true });
    await until(async () => (await fetch(`${url}/v2/models/wine/ready`)).status === 200);
    expect(await price(url)).toBe(200);
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.stdout).not.toContain('stopping took too long');
  });
});
