import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parseManifest } from './manifest.ts';
import schema from './model.schema.json' with { type: 'json' };
import { RepositoryError } from './repository-error.ts';

const parse = (manifest: unknown): unknown => parseManifest(JSON.stringify(manifest), 'housing/model.json');

describe('parseManifest', () => {
  it('takes an empty manifest, and one that uses every key', () => {
    expect(parse({})).toEqual({});
    const full = {
      $schema: '../../docs/model.schema.json',
      title: 'Houses',
      description: 'What a house costs.',
      licence: 'MIT',
      task: 'classification',
      features: [
        {
          name: 'RM',
          title: 'Rooms',
          unit: 'rooms',
          type: 'number',
          input: 'x',
          range: [0, 20],
          seen: [3, 9],
          missing: true,
          example: 6.5,
        },
        { name: 'TOWN', type: 'string', categories: ['a', 'b'], seenCategories: ['a'], default: 'a' },
      ],
      target: { name: 'MEDV', title: 'Median value', unit: '$1000' },
      outputs: { prediction: 'label', probabilities: 'probabilities' },
      labels: ['cheap', 'dear'],
      image: {
        width: 28,
        height: 28,
        channels: 1,
        layout: 'NHWC',
        scale: 0.00392,
        mean: [0.5],
        deviation: [0.5],
        invert: true,
        centre: true,
      },
      batching: { enabled: true, maxRows: 32, maxWaitMs: 1.5 },
      limits: { maxRows: 100, maxQueueMs: 1000, maxQueuedBytes: 1_000_000, timeoutSeconds: 2.5 },
      execution: { where: 'pool', intraOpThreads: 2, workers: 3 },
      versions: { latest: 2 },
      examples: [{ RM: 6.5, TOWN: 'a' }],
    };
    expect(parse(full)).toEqual(full);
  });

  it.each([
    [{ titel: 'x' }, 'the manifest has the key "titel", which is none of $schema, title, description'],
    [{ task: 'magic' }, 'task must be one of "regression", "classification", "image",'],
    [{ features: [{ name: 'a' }, { title: 'b' }] }, 'features[1] needs the key "name"'],
    [{ features: [{ name: 'a', range: [0, 'ten'] }] }, 'features[0].range[1] must be number, not "ten"'],
    [{ limits: { maxQueuedRows: 64 } }, 'limits.maxQueuedRows is no longer a key: use limits.maxQueueMs'],
    [{ features: [{ name: 'a', colour: 1 }] }, 'features[0] has the key "colour", which is none of name, title'],
    [{ features: [] }, 'features must NOT have fewer than 1 items'],
    [{ limits: { maxRows: 0 } }, 'limits.maxRows must be >= 1'],
    [
      { versions: 'newest' },
      'versions must be "latest", "all", {"latest": n} or a list of version numbers, not "newest"',
    ],
    [{ versions: [0] }, 'versions must be "latest", "all", {"latest": n} or a list of version numbers, not [0]'],
    [[], 'the manifest must be object, not []'],
  ])('refuses %j, naming place and rule', (manifest, sentence) => {
    expect(() => parse(manifest)).toThrow(RepositoryError);
    expect(() => parse(manifest)).toThrow(`housing/model.json: ${sentence}`);
  });

  it('names every mistake at once, up to a number', () => {
    expect(() => parse({ title: 1, licence: 2 })).toThrow(
      /title must be string, not 1; licence must be string, not 2\./,
    );
    const features = Array.from({ length: 20 }, () => ({}));
    expect(() => parse({ features })).toThrow(/features\[7\] needs the key "name"; and 12 more\.$/);
  });

  it('says where text is no JSON', () => {
    expect(() => parseManifest('{"title": }', 'housing/model.json')).toThrow(
      /^housing\/model.json is not valid JSON: .*title/,
    );
  });

  it('answers any JSON with a manifest or a sentence', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          parse(value);
        } catch (error) {
          expect(error).toBeInstanceOf(RepositoryError);
          expect((error as Error).message.length).toBeLessThan(4000);
        }
      }),
    );
  });
});

describe('the schema', () => {
  it('is one of JSON Schema 2020-12, and describes every key for editors', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    expect(ajv.validateSchema(schema, false)).toBe(true);
    const described = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties = {} } = node as { properties?: Record<string, { description?: string; $ref?: string }> };
      for (const [key, property] of Object.entries(properties)) {
        const named = schema.$defs[property.$ref?.split('/').at(-1) as keyof typeof schema.$defs];
        expect([key, property.description ?? (named as { description?: string }).description]).toEqual([
          key,
          expect.any(String),
        ]);
      }
      Object.values(node).forEach(described);
    };
    described(schema);
  });

  it('is the one that the Manifest type and the copy in docs were made from', async () => {
    await expect(
      promisify(execFile)(process.execPath, ['scripts/generate-manifest.mjs', '--check']),
    ).resolves.toBeDefined();
  });
});
