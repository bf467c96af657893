import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { get, post, serve } from '../serve.ts';

/** A model whose version 1 takes `x`, and whose version 2 takes `sides` and `count`. */
let models: string;
beforeAll(() => {
  models = mkdtempSync(join(tmpdir(), 'nestor-versions-'));
  cpSync('test/models/two-versions/1', join(models, 'm', '1'), { recursive: true });
  cpSync('test/models/several/1', join(models, 'm', '2'), { recursive: true });
  writeFileSync(join(models, 'm', 'model.json'), '{"versions": "all"}');
});
afterAll(() => rmSync(models, { recursive: true }));

describe('the latest of several served versions', () => {
  it('answers requests that name none, and is described by GET /models/{name} and /openapi.json', async () => {
    const { url } = await serve({ MODELS: models });
    const description = (await get(`${url}/models/m`)).json;
    expect(description.served.map(({ version }: any) => version)).toEqual(['2', '1']);
    const names = description.features.map(({ name }: any) => name);
    expect(names).toEqual(['sides', 'count']);
    const { schemas } = (await get(`${url}/openapi.json`)).json.components;
    expect(Object.keys(schemas.M.properties)).toEqual(names);
    const answer = await post(`${url}/predict`, [{ sides: [3, 4], count: 2 }]);
    expect(answer.json.model).toEqual({ name: 'm', version: '2' });
  });
});
