import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../../libs/models/src/model.schema.json' with { type: 'json' };
import { resolved, sections } from '../../scripts/manifest-page.ts';

describe.each(sections())('$path in model.schema.json', ({ object }) => {
  const { examples, properties } = object;

  it('has valid examples', () => {
    const { $defs } = schema;
    const validate = new Ajv2020({ allowUnionTypes: true, allErrors: true }).compile({ ...object, $defs });
    expect(examples!.map((example) => (validate(example) ? [] : [example, validate.errors]))).toEqual(
      examples!.map(() => []),
    );
  });

  it.each(Object.entries(properties!))('describes %s, and shows it in an example', (key, property) => {
    expect(resolved(property).description).toMatch(/\.$/);
    expect(examples!.some((example) => key in example)).toBe(true);
  });
});

it('describes every object of the manifest', () => {
  const described = sections().map(({ path }) => path);
  expect(described).toEqual(expect.arrayContaining(['model.json', 'features[]', 'outputs.*', 'detection.outputs']));
  expect(described.length).toBeGreaterThanOrEqual(11);
});
