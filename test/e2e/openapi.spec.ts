import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { get, post, serve } from '../serve.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };

describe('GET /openapi.json', () => {
  let url: string;
  let document: any;

  beforeEach(async () => {
    ({ url } = await serve());
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
    const compile = (file: string) =>
      execFileSync(
        process.execPath,
        [
          'node_modules/typescript/bin/tsc',
          '--noEmit',
          '--strict',
          '--skipLibCheck',
          '--ignoreConfig',
          '--module',
          'nodenext',
          '--target',
          'es2024',
          '--types',
          'node',
          '--lib',
          'es2024,dom',
          '--allowImportingTsExtensions',
          join(folder, file),
        ],
        { encoding: 'utf8' },
      );
    expect(compile('right.ts')).toBe('');
    expect(() => compile('wrong.ts')).toThrow();
  });
});

describe('GET /docs', () => {
  it('shows the API with nothing from another origin', async () => {
    const { url } = await serve();
    const page = await get(`${url}/docs`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link as string);
    expect(links.filter((link) => /^(?:https?:)?\/\//.test(link))).toEqual([]);
    for (const link of links.filter((one) => !one.startsWith('data:')))
      expect((await get(`${url}/${link}`)).status).toBe(200);
  });
});
