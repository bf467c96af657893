import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Engine } from '#engine';
import { get, post, serve, sharedServer } from '../serve.ts';

const HOUSING_DIGEST = `sha256:${createHash('sha256').update(readFileSync('models/housing/1/model.onnx')).digest('hex')}`;
const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };

describe('GET /', () => {
  it('answers a program with JSON', async () => {
    const { url } = await sharedServer();
    const answer = await get(url);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.json).toMatchObject({
      status: 'alive',
      name: 'nestor',
      version: expect.any(String),
      admin: 'off',
      defaultModel: 'housing',
    });
    expect(answer.json.models).toContainEqual({ name: 'housing', versions: ['1'] });
  });

  it('answers JSON to a program that accepts a page but prefers JSON', async () => {
    const { url } = await serve();
    expect((await get(url, { accept: 'application/json, text/html;q=0.9' })).json).toMatchObject({ status: 'alive' });
  });

  it('answers a person, without the console, with a page whose command works unchanged', async () => {
    const { url } = await serve({ CONSOLE: 'off' });
    const page = await get(url, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = page.text.replace(/&#(\d+);/g, (_match, code) => String.fromCharCode(Number(code)));
    const command = /curl (\S+\/predict) .*-d '([^']+)'/.exec(text);
    expect(command?.[1]).toBe(`${url}/predict`);
    expect((await post(command?.[1] as string, command?.[2] as string)).status).toBe(200);
  });
});

describe('GET /models', () => {
  it('lists what is served', async () => {
    const { url } = await sharedServer();
    const { json } = await get(`${url}/models`);
    expect(json.default).toBe('housing');
    expect(json.models.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['housing']));
  });

  it('describes a model: features, signature, batching, timings', async () => {
    const { url } = await sharedServer();
    const { json } = await get(`${url}/models/housing`);
    expect(json).toMatchObject({ name: 'housing', title: expect.any(String), task: 'regression' });
    expect(json.features.map(({ name }: { name: string }) => name)).toEqual(Object.keys(HOUSE));
    expect(json.served[0]).toMatchObject({
      version: '1',
      digest: HOUSING_DIGEST,
      signature: { inputs: [{ datatype: 'FP32', shape: [-1, 6] }] },
      rows: { kind: 'independent', by: 'graph', reason: expect.any(String) },
      batching: { maxBatchRows: expect.any(Number) },
      execution: { where: 'inline', reason: expect.any(String) },
      timings: { loadMs: expect.any(Number) },
    });
  });
});

describe('health', () => {
  it.each(['/livez', '/health/live'])('%s is a constant', async (path) => {
    const { url } = await sharedServer();
    expect(await get(url + path)).toMatchObject({ status: 200, json: { status: 'ok' } });
  });

  it.each(['/readyz', '/health/ready'])('%s is up after the models are loaded', async (path) => {
    const { url } = await sharedServer();
    expect(await get(url + path)).toMatchObject({
      status: 200,
      json: { status: 'ok', details: { models: { status: 'up' } } },
    });
  });
});

describe('GET /metrics', () => {
  it('counts requests, rows and errors by model and version, and times them', async () => {
    const { url } = await serve();
    await post(`${url}/predict`, [HOUSE, HOUSE]);
    await post(`${url}/predict`, HOUSE);
    await post(`${url}/predict`, [{}]);
    const { text, headers } = await get(`${url}/metrics`);
    expect(headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const labels = 'model="housing",version="1"';
    for (const line of [
      `nestor_requests_total{${labels},outcome="ok"} 2`,
      `nestor_requests_total{${labels},outcome="INVALID_ROWS"} 1`,
      `nestor_predictions_total{${labels}} 3`,
      `nestor_request_duration_seconds_count{${labels}} 3`,
      `nestor_batch_rows_count{${labels}} 2`,
      `nestor_batch_rows_sum{${labels}} 3`,
      `nestor_inference_duration_seconds_count{${labels}} 2`,
      'nestor_http_requests_total{method="POST",route="/predict",status="200"} 2',
      'nestor_http_requests_total{method="POST",route="/predict",status="422"} 1',
      'nestor_http_request_duration_seconds_count{method="POST",route="/predict"} 3',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    const digest = HOUSING_DIGEST.slice('sha256:'.length, 'sha256:'.length + 12);
    expect(text).toMatch(
      new RegExp(`^nestor_model_info\\{model="housing",version="1",digest="${digest}",.*\\} 1$`, 'm'),
    );
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('keeps unknown paths and unknown models out of the labels', async () => {
    const { url } = await serve();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await get(`${url}/nothing-${attempt}`);
      await post(`${url}/models/none-${attempt}/predict`, HOUSE);
    }
    const { text } = await get(`${url}/metrics`);
    expect(text).not.toMatch(/nothing-|none-/);
    expect(text).toContain('nestor_http_requests_total{method="any",route="none",status="404"} 3');
  });
});

describe('logs', () => {
  it('have one line per request, with id, model, version, rows, status and duration', async () => {
    const { url, log } = await serve();
    const answer = await post(`${url}/predict?key=hidden`, HOUSE, { 'x-request-id': 'order-77' });
    expect(answer.headers.get('x-request-id')).toBe('order-77');
    const lines = log.filter(({ msg }) => msg === 'request');
    expect(lines).toEqual([
      expect.objectContaining({
        requestId: 'order-77',
        method: 'POST',
        path: '/predict',
        status: 200,
        durationMs: expect.any(Number),
        model: 'housing',
        version: '1',
        rows: 1,
      }),
    ]);
    expect(JSON.stringify(log)).not.toMatch(/hidden|6\.575/);
  });

  it('say from which model a version was loaded', async () => {
    const { log } = await sharedServer();
    expect(log).toContainEqual(
      expect.objectContaining({ msg: 'model loaded', model: 'housing', version: '1', digest: HOUSING_DIGEST }),
    );
  });

  it('use the trace id of a traceparent, and create an id if there is no valid one', async () => {
    const { url } = await sharedServer();
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traced = await get(url, { traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    expect(traced.headers.get('x-request-id')).toBe(trace);
    const insane = await get(url, { 'x-request-id': 'a b{}"', traceparent: '00-xyz' });
    expect(insane.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('contain payload and prediction only at debug level', async () => {
    const { url, log } = await serve({ LOG_LEVEL: 'debug' });
    const { json } = await post(`${url}/predict`, HOUSE);
    const line = log.find(({ msg }) => msg === 'prediction');
    expect(JSON.parse(String(line?.['payload']))).toEqual(HOUSE);
    expect(JSON.parse(String(line?.['answer']))).toEqual(json);
  });

  it.each([
    ['/v1/models/housing:predict', { instances: [HOUSE] }, 'prediction'],
    ['/invocations', { instances: [HOUSE] }, 'prediction'],
    [
      '/v2/models/housing/infer',
      { inputs: [{ name: 'features', datatype: 'FP32', shape: [1, 6], data: Object.values(HOUSE) }] },
      'inference',
    ],
  ])('contain them also for %s', async (path, body, operation) => {
    const { url, log } = await serve({ LOG_LEVEL: 'debug' });
    const { json } = await post(url + path, body);
    const line = log.find(({ msg }) => msg === operation);
    expect(JSON.parse(String(line?.['payload']))).toEqual(body);
    expect(JSON.parse(String(line?.['answer']))).toEqual(json);
  });

  it('omit successful probes and scrapes', async () => {
    const { url, log } = await serve();
    for (const path of ['/livez', '/readyz', '/metrics']) await get(url + path);
    expect(log.filter(({ msg }) => msg === 'request')).toEqual([]);
  });
});

describe('GET /docs/', () => {
  it('redirects to the page, whose files load from there', async () => {
    const { url } = await sharedServer();
    const response = await fetch(`${url}/docs/`);
    expect([response.status, response.url]).toEqual([200, `${url}/docs`]);
  });
});

describe('STRICT_MODELS', () => {
  const READY = ['/readyz', '/health/ready', '/v2/health/ready', '/ping'];
  const statusesOf = (url: string) => Promise.all(READY.map(async (path) => (await fetch(url + path)).status));

  it('prevents readiness if not all models are loaded', async () => {
    const { url } = await serve({
      MODELS: folderOf('housing', 'broken'),
      DEFAULT_MODEL: 'housing',
      STRICT_MODELS: 'on',
    });
    expect(await statusesOf(url)).toEqual([503, 503, 503, 503]);
    const { json } = await get(`${url}/readyz`);
    expect(json.details.models.reason).toBe('the model broken could not be loaded, and STRICT_MODELS is on');
    expect((await post(`${url}/predict`, HOUSE)).status).toBe(200);
  });

  it('keeps a server ready if models fail later', async () => {
    const folder = folderOf('housing');
    const { url, app } = await serve({ MODELS: folder, STRICT_MODELS: 'on', DEFAULT_MODEL: 'housing' });
    expect(await statusesOf(url)).toEqual([200, 200, 200, 200]);
    breakModel(folder, 'later');
    await app.get(Engine).refresh();
    expect((await get(`${url}/models/later`)).json.versions).toMatchObject([{ state: 'failed' }]);
    expect(await statusesOf(url)).toEqual([200, 200, 200, 200]);
  });

  it('is off by default: the others are served', async () => {
    const { url } = await serve({ MODELS: folderOf('housing', 'broken'), DEFAULT_MODEL: 'housing' });
    expect(await statusesOf(url)).toEqual([200, 200, 200, 200]);
  });
});

function folderOf(...names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-'));
  for (const name of names) {
    if (name === 'housing') cpSync('models/housing', join(folder, name), { recursive: true });
    else breakModel(folder, name);
  }
  return folder;
}

function breakModel(folder: string, name: string): void {
  mkdirSync(join(folder, name, '1'), { recursive: true });
  writeFileSync(join(folder, name, '1/model.onnx'), 'no model');
}
