import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { get, post, serve, sharedServer } from '../serve.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
const ORIGIN = 'https://app.example.com';
const allowed = (headers: Headers) => headers.get('access-control-allow-origin');

/** What a browser asks before it lets a page of an origin send JSON with a key. */
const preflight = (url: string, origin = ORIGIN) =>
  fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-api-key',
    },
  });

describe('CORS_ORIGINS', () => {
  const env = { CORS_ORIGINS: `https://other.example:8443, ${ORIGIN}` };

  it('is off by default', async () => {
    const { url } = await sharedServer();
    expect(allowed((await get(`${url}/models`, { origin: ORIGIN })).headers)).toBeNull();
    expect(allowed((await preflight(`${url}/predict`)).headers)).toBeNull();
  });

  it('allows requests from pages of these origins, and of no others', async () => {
    const { url } = await sharedServer(env);
    for (const path of ['/predict', '/v2/models/housing/infer', '/models/housing']) {
      const { status, headers } = await preflight(url + path);
      expect([path, status, allowed(headers)]).toEqual([path, 204, ORIGIN]);
      expect(headers.get('access-control-allow-methods')).toContain('POST');
      expect(headers.get('access-control-allow-headers')).toBe('content-type,x-api-key');
      expect(allowed((await preflight(url + path, 'https://evil.example')).headers)).toBeNull();
    }
    const { status, headers } = await post(`${url}/predict`, HOUSE, { origin: ORIGIN });
    expect([status, allowed(headers)]).toEqual([200, ORIGIN]);
    for (const name of ['x-request-id', 'retry-after', 'x-ratelimit-remaining'])
      expect(headers.get('access-control-expose-headers')).toContain(name);
    expect(headers.get('vary')).toBe('Origin');
  });

  it('makes caches distinguish origins, also on the page with two forms', async () => {
    const { url } = await sharedServer(env);
    expect((await get(url, { origin: ORIGIN })).headers.get('vary')).toBe('Origin, accept');
  });

  it('lets pages read errors: a missing key, a rate, a wrong body, a wrong path', async () => {
    const keys = join(mkdtempSync(join(tmpdir(), 'nestor-keys-')), 'keys');
    writeFileSync(keys, 'alpha');
    const { url } = await serve({ ...env, API_KEYS_FILE: keys, RATE_LIMIT_PER_MINUTE: '2' });
    const ask = async (path: string, headers: Record<string, string>) => {
      const answer = await post(url + path, '{', { origin: ORIGIN, ...headers });
      return [answer.status, allowed(answer.headers)];
    };
    expect((await preflight(`${url}/predict`)).status).toBe(204);
    expect(await ask('/predict', {})).toEqual([401, ORIGIN]);
    const key = { 'x-api-key': 'alpha' };
    expect(await ask('/predict', key)).toEqual([400, ORIGIN]);
    expect(await ask('/predict', key)).toEqual([400, ORIGIN]);
    expect(await ask('/predict', key)).toEqual([429, ORIGIN]);
    expect(await ask('/nothing', key)).toEqual([404, ORIGIN]);
  });

  it('logs preflight requests of browsers', async () => {
    const { url, log } = await serve(env);
    await preflight(`${url}/predict`);
    expect(log).toContainEqual(expect.objectContaining({ method: 'OPTIONS', path: '/predict', status: 204 }));
  });

  it('allows requests from every origin if it is *', async () => {
    const { url } = await sharedServer({ CORS_ORIGINS: '*' });
    expect(allowed((await get(`${url}/models`, { origin: 'https://any.example' })).headers)).toBe('*');
  });
});
