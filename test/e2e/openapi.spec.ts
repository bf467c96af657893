import { cpSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { get, post, sharedServer } from '../serve.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };

describe('GET /openapi.json', () => {
  let url: string;
  let document: any;

  beforeEach(async () => {
    ({ url } = await sharedServer());
    document = (await get(`${url}/openapi.json`)).json;
  });

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document));
    expect(result.errors).toBeUndefined();
    expect([result.valid, validator.version]).toEqual([true, '3.1']);
  });

  it('is the committed one for the shipped models', () => {
    expect(document).toMatchSnapshot();
  });

  it('types the rows of each model with units, what was seen, and examples', () => {
    const { Housing } = document.components.schemas;
    expect(Object.keys(Housing.properties)).toEqual(Object.keys(HOUSE));
    expect(Housing.properties.RM).toMatchObject({
      type: 'number',
      description: expect.stringContaining('Unit: rooms'),
    });
    expect(Housing.required).toEqual(Object.keys(HOUSE));
    expect(document.paths['/predict'].post.requestBody.content['application/json'].examples.example1.value).toEqual(
      HOUSE,
    );
  });

  it('describes requests and answers as they are', async () => {
    const ajv = new Ajv2020({ strict: false, formats: { uri: true } });
    ajv.addSchema({ $id: 'api', ...document });
    const fits = (path: string, value: unknown) => {
      const valid = ajv.validate({ $ref: `api#${path}` }, value);
      expect(ajv.errors ?? []).toEqual([]);
      return valid;
    };
    const operation = '/paths/~1predict/post';
    for (const body of [
      HOUSE,
      [HOUSE, HOUSE],
      { instances: [HOUSE] },
      { dataframe_split: { columns: ['RM'], data: [[1]] } },
    ]) {
      expect(fits(`${operation}/requestBody/content/application~1json/schema`, body)).toBe(true);
    }
    const answer = await post(`${url}/predict`, [HOUSE, { ...HOUSE, CHAS: 3 }]);
    expect(fits('/components/schemas/HousingPrediction', answer.json)).toBe(true);
    const problem = await post(`${url}/predict`, [{}]);
    expect(fits('/components/schemas/Problem', problem.json)).toBe(true);
    expect(
      fits('/paths/~1models/get/responses/200/content/application~1json/schema', (await get(`${url}/models`)).json),
    ).toBe(true);
  });

  it('gives a client that compiles, and refuses what the model does not take', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nestor-client-'));
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'api.ts'), astToString(await openapiTypescript(structuredClone(document))));
    const program = (house: string) => `
      import createClient from 'openapi-fetch';
      import type { paths } from './api.ts';
      const { data } = await createClient<paths>({ baseUrl: '${url}' }).POST('/predict', { body: ${house} });
      const price: number | null | undefined = data?.prediction[0];
      console.log(price);`;
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'right.ts'), program(JSON.stringify(HOUSE)));
    writeFileSync(join(folder, 'wrong.ts'), program(JSON.stringify({ ...HOUSE, RM: 'six' })));
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', '--allowImportingTsExtensions'];
    const platform = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node', '--lib', 'es2024,dom'];
    const files = ['right.ts', 'wrong.ts'].map((file) => join(folder, file));
    const { stdout } = spawnSync(
      process.execPath,
      ['node_modules/typescript/bin/tsc', ...options, ...platform, ...files],
      { encoding: 'utf8' },
    );
    const faults = stdout.split('\n').filter((line) => line.includes('error TS'));
    expect(faults).toEqual([expect.stringMatching(/wrong\.ts.*TS2322/)]);
  });
});

describe('GET /openapi.json of other servers', () => {
  const documentOf = async (env: Record<string, string>): Promise<any> => {
    const { url } = await sharedServer(env);
    return (await get(`${url}/openapi.json`)).json;
  };

  it('keeps the schemas and operations of models apart whose names look alike, or like ours', async () => {
    const names = ['a-b', 'a_b', 'a-b-prediction', 'a-b-version', 'problem', 'kserve-error', '_'];
    const folder = mkdtempSync(join(tmpdir(), 'nestor-names-'));
    for (const name of names) cpSync('test/models/identity-fp32', join(folder, name), { recursive: true });
    const document = await documentOf({ MODELS: folder });
    expect((await new Validator().validate(structuredClone(document))).errors).toBeUndefined();
    const operations: any[] = Object.values(document.paths).flatMap((path: any) =>
      Object.values(path).filter((one: any) => one.operationId),
    );
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    const { Problem, KserveError, ...schemas } = document.components.schemas;
    expect([Problem.properties.code, KserveError.properties.error]).not.toContain(undefined);
    const titles = Object.values(schemas).map(({ title }: any) => title);
    for (const name of names) expect(titles.filter((title) => title === `A row of ${name}`)).toHaveLength(1);
  });

  it('asks for a key only where the server does', async () => {
    const open = await documentOf({});
    expect([open.security, open.components.securitySchemes]).toEqual([undefined, undefined]);
    const keys = join(mkdtempSync(join(tmpdir(), 'nestor-keys-')), 'keys');
    writeFileSync(keys, 'alpha');
    const anyKey = [{ bearer: [] }, { apiKey: [] }];
    const administered = await documentOf({ ADMIN: 'on', ADMIN_KEYS_FILE: keys });
    expect(administered.security).toBeUndefined();
    expect(administered.paths['/admin/models/refresh'].post.security).toEqual(anyKey);
    expect(Object.keys(administered.components.securitySchemes)).toEqual(['bearer', 'apiKey']);
    const { url } = await sharedServer({ API_KEYS_FILE: keys });
    const closed = (await get(`${url}/openapi.json`, { 'x-api-key': 'alpha' })).json;
    expect(closed.security).toEqual(anyKey);
    expect(Object.keys(closed.components.securitySchemes)).toEqual(['bearer', 'apiKey']);
  });

  it.each([
    ['v2', /^\/v2/],
    ['kserve-v1', /^\/v1/],
    ['mlflow', /^\/(?:invocations|ping|health|version)$/],
    ['plain', /predict$/],
  ])('leaves out %s where it is switched off', async (protocol, paths) => {
    const all = ['plain', 'v2', 'kserve-v1', 'mlflow'];
    const described = async (protocols: readonly string[]): Promise<string[]> =>
      Object.keys((await documentOf({ PROTOCOLS: protocols.join(',') })).paths);
    const without = await described(all.filter((one) => one !== protocol));
    const own = (await described(all)).filter((path) => !without.includes(path));
    expect(own).not.toEqual([]);
    for (const path of own) expect(path).toMatch(paths);
  });
});

describe('GET /docs', () => {
  it('shows the API with nothing from another origin', async () => {
    const { url } = await sharedServer();
    const page = await get(`${url}/docs`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link as string);
    expect(links.filter((link) => /^(?:https?:)?\/\//.test(link))).toEqual([]);
    for (const link of links.filter((one) => !one.startsWith('data:')))
      expect((await get(`${url}/${link}`)).status).toBe(200);
  });
});
