import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { get, post, serve, sharedServer } from '../serve.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
const without = (name: string) => Object.fromEntries(Object.entries(HOUSE).filter(([key]) => key !== name));

describe('errors', () => {
  let url: string;
  let log: readonly Record<string, unknown>[];

  beforeEach(async () => {
    ({ url, log } = await sharedServer({ MAX_ROWS: '5', MAX_BODY_BYTES: '2000' }));
  });

  const predict = (body: unknown, headers?: Record<string, string>) => post(`${url}/predict`, body, headers);

  it.each([
    ['malformed JSON', '{"RM": ', 400, 'MALFORMED_BODY', undefined],
    ['a NaN token', '{"RM": NaN}', 400, 'MALFORMED_BODY', undefined],
    ['an empty body', '', 400, 'EMPTY_BODY', undefined],
    ['no rows', [], 422, 'NO_ROWS', undefined],
    ['a number alone', '42', 422, 'INVALID_REQUEST', undefined],
    ['too many rows', Array(6).fill(HOUSE), 413, 'TOO_MANY_ROWS', undefined],
    ['a body too large', `[${'1,'.repeat(1000)}1]`, 413, 'BODY_TOO_LARGE', undefined],
    ['an unknown field', [{ ...HOUSE, AGE: 65 }], 422, 'INVALID_ROWS', { row: 0, field: 'AGE' }],
    [
      'a missing field',
      [HOUSE, HOUSE, HOUSE, without('RM')],
      422,
      'INVALID_ROWS',
      { row: 3, field: 'RM', detail: 'row 3: RM is missing' },
    ],
    ['null for a number', [{ ...HOUSE, RM: null }], 422, 'INVALID_ROWS', { row: 0, field: 'RM' }],
    ['a string for a number', [{ ...HOUSE, RM: '6.5' }], 422, 'INVALID_ROWS', { row: 0, field: 'RM' }],
    ['an empty string for a number', [{ ...HOUSE, RM: '' }], 422, 'INVALID_ROWS', { row: 0, field: 'RM' }],
    ['a boolean for a number', [{ ...HOUSE, CHAS: true }], 422, 'INVALID_ROWS', { row: 0, field: 'CHAS' }],
    ['a number beyond float32', [{ ...HOUSE, TAX: 1e39 }], 422, 'INVALID_ROWS', { row: 0, field: 'TAX' }],
    [
      'a number beyond float64',
      '[{"CHAS":0,"RM":1e400,"TAX":296,"PTRATIO":15.3,"B":396.9,"LSTAT":4.98}]',
      422,
      'INVALID_ROWS',
      { row: 0, field: 'RM' },
    ],
  ])('%s is rejected with an error of the catalogue', async (_what, body, status, code, issue) => {
    const answer = await predict(body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject({
      status,
      code,
      title: expect.any(String),
      detail: expect.any(String),
      requestId: expect.any(String),
    });
    expect(answer.text).not.toMatch(/\bat .*\(|node_modules|\.ts:/);
    if (issue !== undefined) expect(answer.json.errors).toContainEqual(expect.objectContaining(issue));
    expect(answer.headers.get('x-request-id')).toBe(answer.json.requestId);
  });

  it.each([
    ['"RM":NaN', 'NaN'],
    ['"RM": -Infinity', '-Infinity'],
  ])('the error for %s, which Python writes, names the JSON to send instead', async (member, token) => {
    const { json } = await predict(JSON.stringify(HOUSE).replace(/"RM":[^,]+/, member));
    expect(json.detail).toMatch(/^The body is not valid JSON: .+[^.]\. JSON has no /);
    expect(json.detail).toContain(`JSON has no ${token}; send null for a missing value.`);
    expect(json.detail.match(/is not valid JSON/g)).toHaveLength(1);
  });

  it('the error for a body that is too large names the limit', async () => {
    expect((await predict(`[${'1,'.repeat(1000)}1]`)).json.detail).toBe('The body has more than 2000 bytes.');
  });

  it('columns whose indices differ', async () => {
    const frame = Object.fromEntries(Object.entries(HOUSE).map(([name, value]) => [name, { 0: value }]));
    const answer = await predict({ ...frame, LSTAT: { 1: 4.98 } });
    expect(answer.status).toBe(422);
    expect(answer.json.detail).toContain('LSTAT');
  });

  it('an unsupported media type', async () => {
    const answer = await predict('a=1', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([answer.status, answer.json.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it('bytes that are not UTF-8', async () => {
    const response = await fetch(`${url}/predict`, { method: 'POST', body: new Uint8Array([0x7b, 0xff, 0x7d]) });
    expect(response.status).toBe(400);
  });

  it.each([['/predict'], ['/models/housing/predict']])('the wrong method at %s', async (path) => {
    const answer = await get(url + path);
    expect([answer.status, answer.json.code, answer.headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', 'POST']);
  });

  it('an unknown path', async () => {
    const answer = await get(`${url}/nothing/here?secret=1`);
    expect([answer.status, answer.json.code]).toEqual([404, 'UNKNOWN_PATH']);
    expect(answer.text).not.toContain('secret');
  });

  it.each([
    ['/models/unknown', 'UNKNOWN_MODEL'],
    ['/models/%2e%2e%2fetc', 'UNKNOWN_MODEL'],
  ])('an unknown model: %s', async (path, code) => {
    const answer = await get(url + path);
    expect([answer.status, answer.json.code]).toEqual([404, code]);
  });

  it('an unknown version', async () => {
    const answer = await post(`${url}/models/housing/versions/77/predict`, HOUSE);
    expect([answer.status, answer.json.code]).toEqual([404, 'UNKNOWN_VERSION']);
  });

  it('a timeout header that is not a number', async () => {
    const answer = await predict(HOUSE, { 'x-request-timeout-ms': 'soon' });
    expect([answer.status, answer.json.code]).toEqual([422, 'INVALID_REQUEST']);
  });

  it('a body that is never sent completely is not a server error', async () => {
    await new Promise<void>((resolve) => {
      const request = httpRequest(`${url}/predict`, {
        method: 'POST',
        headers: { 'content-length': 100, 'content-type': 'application/json' },
      });
      request.on('error', () => resolve());
      request.write('{"RM"');
      setImmediate(() => request.destroy());
    });
    expect((await predict(HOUSE)).status).toBe(200);
    expect(log.filter(({ status }) => Number(status) >= 500)).toEqual([]);
  });

  it('logs each bad request once, with its code and without its payload', async () => {
    const { url, log } = await serve();
    await post(`${url}/predict`, [{ ...HOUSE, RM: 'a secret' }]);
    const lines = log.filter(({ msg }) => msg === 'request');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ status: 422, code: 'INVALID_ROWS', model: 'housing', path: '/predict' });
    expect(JSON.stringify(log)).not.toContain('a secret');
  });
});

describe('what is wrong with a model', () => {
  it('is reported to callers without paths on the machine; the log names the file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nestor-secret-place-'));
    cpSync('test/models/invalid', folder, { recursive: true });
    cpSync('models/wine', join(folder, 'wine'), { recursive: true });
    cpSync('models/wine', join(folder, 'wrong-manifest'), { recursive: true });
    writeFileSync(join(folder, 'wrong-manifest', 'model.json'), '{');
    const keys = join(folder, 'keys');
    writeFileSync(keys, 'root');
    const { url, log } = await serve({ MODELS: folder, DEFAULT_MODEL: 'wine', ADMIN: 'on', ADMIN_KEYS_FILE: keys });
    const failed: string[] = (await get(`${url}/models`)).json.models
      .map(({ name }: { name: string }) => name)
      .filter((name: string) => name !== 'wine');
    expect(failed.length).toBeGreaterThan(10);
    const root = { 'x-api-key': 'root' };
    const answers = await Promise.all([
      get(`${url}/models`),
      post(`${url}/v2/repository/index`, {}),
      post(`${url}/admin/models/refresh`, '', root),
      ...failed.flatMap((name) => [get(`${url}/models/${name}`), post(`${url}/models/${name}/predict`, {})]),
      ...failed.map((name) => post(`${url}/admin/models/${name}/load`, '', root)),
    ]);
    for (const { text } of answers) expect(text).not.toMatch(/secret-place|\/tmp\//);
    expect(answers[0].text).toContain('not-onnx/1/model.onnx: it is not a complete ONNX file');
    expect(answers[0].text).toContain('wrong-manifest/model.json is not valid JSON');
    expect(JSON.stringify(log)).toContain(join(folder, 'not-onnx/1/model.onnx'));
  });
});
