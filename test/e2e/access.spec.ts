import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { get, post, serve, sharedServer, until } from '../serve.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };

const keyFile = (...keys: string[]) => {
  const path = join(mkdtempSync(join(tmpdir(), 'nestor-keys-')), 'keys');
  writeFileSync(path, `# keys of the tests\n\n${keys.join('\n')}\n`);
  return path;
};

describe('API keys', () => {
  const env = { API_KEYS_FILE: keyFile('alpha', 'beta') };

  it('are required everywhere except for the probes and the metrics', async () => {
    const { url } = await sharedServer(env);
    for (const path of ['/livez', '/readyz', '/health/live', '/health/ready', '/metrics']) {
      expect((await get(url + path)).status).toBe(200);
    }
    for (const path of ['/', '/models', '/models/housing']) {
      expect(await get(url + path)).toMatchObject({ status: 401, json: { code: 'UNAUTHENTICATED' } });
    }
    expect(await post(`${url}/predict`, HOUSE)).toMatchObject({ status: 401 });
  });

  const problem = { code: 'UNAUTHENTICATED', requestId: expect.any(String) };
  const message = { error: expect.stringMatching(/API key/) };

  it.each([
    ['GET', '/v2', message],
    ['GET', '/v2/models/housing/ready', message],
    ['POST', '/v2/models/housing/infer', message],
    ['POST', '/v2/repository/index', message],
    ['GET', '/v1/models', message],
    ['POST', '/v1/models/housing:predict', message],
    ['POST', '/invocations', { error_code: 'UNAUTHENTICATED', message: expect.stringMatching(/API key/) }],
    ['GET', '/version', problem],
    ['GET', '/openapi.json', problem],
    ['GET', '/models/housing', problem],
    ['POST', '/models/housing/predict', problem],
    ['POST', '/console/models/digits/picture', problem],
  ])('that are missing give an error in the form of the route: %s %s', async (method, path, body) => {
    const { url } = await serve({ API_KEYS_FILE: keyFile('alpha') });
    const response = await fetch(url + path, { method });
    expect([response.status, await response.json()]).toEqual([401, expect.objectContaining(body)]);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('are not required for pages and their files, which contain no model and no figure', async () => {
    const { url } = await serve({ API_KEYS_FILE: keyFile('alpha') });
    const statusOf = async (path: string, accept = '*/*') => (await fetch(url + path, { headers: { accept } })).status;
    for (const path of ['/docs', '/docs/', '/docs/start.js', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'])
      expect([path, await statusOf(path)]).toEqual([path, 200]);
    for (const path of ['/v2/health/live', '/v2/health/ready', '/ping', '/health', '/livez/'])
      expect([path, await statusOf(path)]).toEqual([path, 200]);
    expect([await statusOf('/'), await statusOf('/', 'application/json, text/html;q=0.5')]).toEqual([401, 401]);
    const { url: plain } = await serve({ API_KEYS_FILE: keyFile('alpha'), CONSOLE: 'off' });
    // Without the console the page lists the models.
    expect((await fetch(plain, { headers: { accept: 'text/html' } })).status).toBe(401);
  });

  it.each([
    [{ authorization: 'Bearer beta' }, 200],
    [{ 'x-api-key': 'alpha' }, 200],
    [{ authorization: 'bearer alpha' }, 200],
    [{ authorization: 'Bearer gamma' }, 401],
    [{ authorization: 'Basic alpha' }, 401],
    [{ 'x-api-key': '' }, 401],
    [{ 'x-api-key': '# keys of the tests' }, 401],
  ])('%j is answered %d', async (headers, status) => {
    const { url, log } = await sharedServer(env);
    expect((await post(`${url}/predict`, HOUSE, headers as unknown as Record<string, string>)).status).toBe(status);
    expect(JSON.stringify(log)).not.toMatch(/alpha|beta|gamma/);
  });

  it('are also required for the metrics if that is set', async () => {
    const { url } = await serve({ API_KEYS_FILE: keyFile('alpha'), PROTECT_METRICS: 'on' });
    for (const path of ['/metrics', '/console/figures']) {
      expect([path, (await get(url + path)).status]).toEqual([path, 401]);
      expect([path, (await get(url + path, { 'x-api-key': 'alpha' })).status]).toEqual([path, 200]);
    }
  });

  it('are read again when the file changes, and kept when it becomes empty', async () => {
    const path = keyFile('alpha');
    const { url, log } = await serve({ API_KEYS_FILE: path });
    const statusOf = async (key: string) => (await get(`${url}/models`, { 'x-api-key': key })).status;
    writeFileSync(path, 'a new key\n');
    await until(async () => (await statusOf('a new key')) === 200);
    expect(await statusOf('alpha')).toBe(401);
    writeFileSync(path, '\n');
    await until(() => log.some(({ level }) => level === 50));
    expect(await statusOf('a new key')).toBe(200);
  });

  it('stop the start if the file is missing or empty', async () => {
    await expect(serve({ API_KEYS_FILE: '/nowhere/keys' })).rejects.toThrow('/nowhere/keys');
    await expect(serve({ API_KEYS_FILE: keyFile() })).rejects.toThrow('holds no key');
  });
});

describe('the rate limit', () => {
  it('answers 429 with Retry-After beyond it, per client, and never at the probes', async () => {
    const { url } = await serve({ RATE_LIMIT_PER_MINUTE: '3' });
    const statuses: number[] = [];
    for (let call = 0; call < 5; call += 1) statuses.push((await post(`${url}/predict`, HOUSE)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const refused = await post(`${url}/predict`, HOUSE);
    expect(refused.json).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await get(`${url}/livez`)).status).toBe(200);
  });

  it('cannot be avoided with made-up keys if the server requires none', async () => {
    const { url } = await serve({ RATE_LIMIT_PER_MINUTE: '2' });
    const call = async (key: string) => (await post(`${url}/predict`, HOUSE, { 'x-api-key': key })).status;
    expect([await call('one'), await call('two'), await call('three')]).toEqual([200, 200, 429]);
  });

  it('is counted for each key if the server requires keys', async () => {
    const { url } = await serve({ RATE_LIMIT_PER_MINUTE: '1', API_KEYS_FILE: keyFile('alpha', 'beta') });
    const call = async (key: string) => (await post(`${url}/predict`, HOUSE, { 'x-api-key': key })).status;
    expect([await call('alpha'), await call('alpha'), await call('beta')]).toEqual([200, 429, 200]);
  });

  it('counts a key as one client, however it is written', async () => {
    const { url } = await serve({ RATE_LIMIT_PER_MINUTE: '2', API_KEYS_FILE: keyFile('alpha') });
    const spellings = [
      { 'x-api-key': 'alpha' },
      { authorization: 'Bearer alpha' },
      { authorization: 'bearer   alpha' },
    ];
    const statuses: number[] = [];
    for (const headers of spellings) statuses.push((await post(`${url}/predict`, HOUSE, headers)).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('counts requests without a valid key to their address, and to no key', async () => {
    const { url } = await serve({ RATE_LIMIT_PER_MINUTE: '2', API_KEYS_FILE: keyFile('alpha') });
    const call = async (key: string) => (await post(`${url}/predict`, HOUSE, { 'x-api-key': key })).status;
    const madeUp = [await call('one'), await call('two'), await call('three')];
    expect(madeUp).toEqual([401, 401, 429]);
    expect(await call('alpha')).toBe(200);
  });

  it('cannot be avoided with made-up keys if a route requires none', async () => {
    const { url } = await serve({ RATE_LIMIT_PER_MINUTE: '2', API_KEYS_FILE: keyFile('alpha') });
    const page = async (key: string) => (await get(`${url}/docs`, { 'x-api-key': key })).status;
    expect([await page('one'), await page('two'), await page('three')]).toEqual([200, 200, 429]);
  });
});

describe('administration', () => {
  it('is off by default', async () => {
    const { url } = await serve();
    expect(await post(`${url}/admin/models/housing/unload`, '')).toMatchObject({
      status: 403,
      json: { code: 'ADMIN_OFF' },
    });
    expect((await post(`${url}/predict`, HOUSE)).status).toBe(200);
  });

  it('needs a key of its own', async () => {
    const { url } = await serve({ ADMIN: 'on', ADMIN_KEYS_FILE: keyFile('root'), API_KEYS_FILE: keyFile('alpha') });
    const unload = (key: string) => post(`${url}/admin/models/wine/unload`, '', { 'x-api-key': key });
    expect((await unload('alpha')).status).toBe(401);
    expect((await unload('root')).status).toBe(200);
  });

  it('unloads, loads and reloads a model, and says what cannot be loaded', async () => {
    const { url } = await serve({ ADMIN: 'on', ADMIN_KEYS_FILE: keyFile('root') });
    const admin = (path: string) => post(`${url}/admin/models/${path}`, '', { 'x-api-key': 'root' });
    expect((await admin('wine/unload')).status).toBe(200);
    expect((await post(`${url}/models/wine/predict`, [{}])).json.code).toBe('UNKNOWN_MODEL');
    expect((await admin('wine/load')).json).toMatchObject({
      name: 'wine',
      versions: [{ version: '1', state: 'ready' }],
    });
    expect((await admin('wine/reload')).status).toBe(200);
    expect((await admin('castle/load')).json.code).toBe('UNKNOWN_MODEL');
    expect((await admin('refresh')).status).toBe(200);
    const { text } = await get(`${url}/metrics`);
    expect(text).toContain('nestor_model_loads_total{model="wine",version="1",outcome="ok"} 3');
  });
});
