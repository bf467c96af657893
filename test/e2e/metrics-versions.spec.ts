import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { get, post, serve } from '../serve.ts';

const KEY = 'key of the tests';
/** More than are remembered. */
const VERSIONS = 24;

// Each reload is tried in a process of its own, which takes its time where the CPU is shared.
it('metrics of versions that are gone are dropped except for the last ones, so that their number is bounded', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-metrics-'));
  const keys = join(folder, 'keys');
  writeFileSync(keys, `${KEY}\n`);
  const put = (version: number): void => {
    cpSync('test/models/identity-fp32/1', join(folder, 'models', 'identity', String(version)), { recursive: true });
    rmSync(join(folder, 'models', 'identity', String(version - 1)), { recursive: true, force: true });
  };
  put(1);
  const { url } = await serve({ MODELS: join(folder, 'models'), ADMIN: 'on', ADMIN_KEYS_FILE: keys });
  for (let version = 1; version <= VERSIONS; version += 1) {
    if (version > 1) put(version);
    const reload = await post(`${url}/admin/models/identity/reload`, {}, { 'x-api-key': KEY });
    expect(reload.status).toBe(200);
    expect((await post(`${url}/models/identity/predict`, [{ x: [1, 2] }])).json.model.version).toBe(`${version}`);
  }
  const { text } = await get(`${url}/metrics`);
  const versionsOf = (metric: string): string[] => {
    const lines = text.matchAll(new RegExp(`^${metric}\\{model="identity",version="(\\d+)"`, 'gm'));
    return [...new Set(Array.from(lines, ([, version]) => version!))];
  };
  for (const metric of [
    'nestor_requests_total',
    'nestor_predictions_total',
    'nestor_request_duration_seconds_count',
    'nestor_queue_wait_seconds_count',
    'nestor_inference_duration_seconds_count',
    'nestor_batch_rows_count',
    'nestor_model_loads_total',
    'nestor_model_load_seconds',
  ]) {
    const versions = versionsOf(metric);
    expect(versions).toContain(`${VERSIONS}`);
    // What was served last is still to be scraped.
    expect(versions).toContain(`${VERSIONS - 1}`);
    expect(versions).not.toContain('1');
  }
}, 180_000);
