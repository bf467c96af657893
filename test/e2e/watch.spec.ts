import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { get, post, serve, until } from '../serve.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };

describe('WATCH=on', () => {
  it('loads a new version, keeps it when the next one is broken, and recovers when that one is fixed', async () => {
    const repository = mkdtempSync(join(tmpdir(), 'nestor-models-'));
    cpSync('models/housing/1', join(repository, 'housing', '1'), { recursive: true });
    cpSync('models/housing/model.json', join(repository, 'housing', 'model.json'));
    const { url, log } = await serve({ MODELS: repository, WATCH: 'on', WATCH_INTERVAL_SECONDS: '1' });
    const version = async () => (await post(`${url}/predict`, HOUSE)).json.model.version;
    expect(await version()).toBe('1');

    cpSync('models/housing/1', join(repository, 'housing', '2'), { recursive: true });
    await until(async () => (await version()) === '2');

    cpSync('models/housing/1', join(repository, 'housing', '3'), { recursive: true });
    writeFileSync(join(repository, 'housing', '3', 'model.onnx'), 'broken');
    const failed = async () =>
      (await get(`${url}/models/housing`)).json.versions.find(({ state }: { state: string }) => state === 'failed');
    await until(async () => (await failed()) !== undefined);
    expect(await failed()).toMatchObject({ version: '3', reason: expect.any(String) });
    expect(await version()).toBe('2');
    const metrics = (await get(`${url}/metrics`)).text;
    for (const line of [
      'nestor_model_loads_total{model="housing",version="3",outcome="failed"} 1',
      'nestor_model_state{model="housing",version="3",state="failed"} 1',
      'nestor_model_state{model="housing",version="2",state="ready"} 1',
    ])
      expect(metrics).toContain(line);
    expect(log).toContainEqual(expect.objectContaining({ level: 50, model: 'housing', version: '3' }));

    cpSync('models/housing/1/model.onnx', join(repository, 'housing', '3', 'model.onnx'));
    await until(async () => (await version()) === '3');
    rmSync(join(repository, 'housing', '3'), { recursive: true });
    await until(async () => (await version()) === '2');
  });
});
