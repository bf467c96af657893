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

  it('types the rows of each model with units, seen ranges and examples', () => {
    const { Housing } = document.components.schemas;
    expect(Object.keys(Housing.properties)).toEqual(Object.keys(HOUSE));
    expect(Housing.properties.RM).toMatchObject({
      type: 'number',
      description: expect.stringContaining('Unit: rooms'),
    });
    expect(Housing.required).toEqual(Object.keys(HOUSE));
    expect(document.paths['/predict'].post.requestBody.$ref).toBe('#/components/requestBodies/HousingRows');
    expect(document.components.requestBodies.HousingRows.content['application/json'].example).toEqual(HOUSE);
  });

  it('describes requests and responses correctly', async () => {
    const ajv = new Ajv2020({ strict: false, formats: { uri: true } });
    ajv.addSchema({ $id: 'api', ...document });
    const fits = (path: string, value: unknown) => {
      const valid = ajv.validate({ $ref: `api#${path}` }, value);
      expect(ajv.errors ?? []).toEqual([]);
      return valid;
    };
    for (const body of [
      HOUSE,
      [HOUSE, HOUSE],
      { instances: [HOUSE] },
      { dataframe_split: { columns: ['RM'], data: [[1]] } },
    ]) {
      expect(fits('/components/schemas/HousingRequest', body)).toBe(true);
    }
    const answer = await post(`${url}/predict`, [HOUSE, { ...HOUSE, CHAS: 3 }]);
    expect(fits('/components/schemas/HousingPrediction', answer.json)).toBe(true);
    const problem = await post(`${url}/predict`, [{}]);
    expect(fits('/components/schemas/Problem', problem.json)).toBe(true);
    expect(
      fits('/paths/~1models/get/responses/200/content/application~1json/schema', (await get(`${url}/models`)).json),
    ).toBe(true);
  });

  it('types predictions and probabilities by the classes of the model', () => {
    const { WinePrediction, DigitsPrediction, HousingPrediction } = document.components.schemas;
    const labels = ['class_0', 'class_1', 'class_2'];
    expect(WinePrediction.properties.prediction.items).toEqual({ enum: labels });
    expect(Object.keys(WinePrediction.properties.probabilities.items.properties)).toEqual(labels);
    expect(DigitsPrediction.properties.prediction.items.enum).toContain('9');
    // A float that is not finite is answered as null.
    expect(HousingPrediction.properties.prediction.items).toEqual({ type: ['number', 'null'] });
  });

  it('describes the items of every list, and has no broken references', () => {
    const lists: string[] = [];
    const visit = (value: any, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      const isList = value.type === 'array' || (Array.isArray(value.type) && value.type.includes('array'));
      if (isList && value.items === undefined) lists.push(path);
      if (typeof value.$ref === 'string') {
        const [kind, name] = value.$ref.slice('#/components/'.length).split('/');
        if (document.components[kind]?.[name] === undefined) lists.push(`${path} → ${value.$ref}`);
      }
      for (const [key, member] of Object.entries(value)) visit(member, `${path}/${key}`);
    };
    visit(document, '');
    expect(lists).toEqual([]);
  });

  it('gives a client that compiles, and rejects what the model does not take', async () => {
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

  it('separates the schemas and operations of models with similar names, or names like ours', async () => {
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
    const said = Object.values(schemas).map(({ description }: any) => description);
    for (const name of names) expect(said.filter((one) => one === `A row of ${name}.`)).toHaveLength(1);
  });

  it('stays small with many models: 200 of them take less than 1.5 MB', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nestor-many-'));
    const copies = ['housing', 'wine', 'digits'].flatMap((name) => [100, 101].map((copy) => [name, `${name}-${copy}`]));
    for (const [name, copy] of copies) cpSync(join('models', name!), join(folder, copy!), { recursive: true });
    for (const name of ['housing', 'wine', 'digits'])
      cpSync(join('models', name), join(folder, name), { recursive: true });
    const few = JSON.stringify(await documentOf({}));
    const many = JSON.stringify(await documentOf({ MODELS: folder }));
    expect((many.length - few.length) / copies.length).toBeLessThan(1_500_000 / 200);
  });

  it('requires a key only if the server does', async () => {
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

  it('describes a single model with the same names, and says where it is not served', async () => {
    const { url } = await sharedServer();
    const all = (await get(`${url}/openapi.json`)).json;
    const { paths, components } = (await get(`${url}/openapi.json?model=wine`)).json;
    expect(components.schemas.WinePrediction).toEqual(all.components.schemas.WinePrediction);
    expect(paths['/models/wine/predict']).toEqual(all.paths['/models/wine/predict']);
    expect(Object.keys(paths).filter((path) => /housing|digits|^\/predict$/.test(path))).toEqual([]);
    for (const query of ['model=beer', 'model=wine&model=housing']) {
      const { status, json } = await get(`${url}/openapi.json?${query}`);
      expect([status, json.code]).toEqual([404, 'UNKNOWN_MODEL']);
    }
  });

  it.each([
    ['v2', /^\/v2/],
    ['kserve-v1', /^\/v1/],
    ['mlflow', /^\/(?:invocations|ping|health|version)$/],
    ['plain', /predict$/],
  ])('omits %s if it is off', async (protocol, paths) => {
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
  it('shows the API without resources from another origin', async () => {
    const { url } = await sharedServer();
    const page = await get(`${url}/docs`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link as string);
    expect(links.filter((link) => /^(?:https?:)?\/\//.test(link))).toEqual([]);
    for (const link of links.filter((one) => !one.startsWith('data:')))
      expect((await get(`${url}/${link}`)).status).toBe(200);
  });
});
