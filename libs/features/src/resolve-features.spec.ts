import { describe, expect, it } from '@jest/globals';
import type { Signature, TensorSpec } from '#tensor';
import { FeatureError } from './feature.ts';
import { resolveFeatures } from './resolve-features.ts';

const input = (name: string, datatype: TensorSpec['datatype'], shape: number[]): TensorSpec => ({
  name,
  datatype,
  shape,
});
const model = (...inputs: TensorSpec[]): Signature => ({ inputs, outputs: [] });
const table = model(input('x', 'FP32', [-1, 2]));

describe('resolveFeatures', () => {
  it('makes the columns of one input of the features that feed it, in order of declaration', () => {
    const features = resolveFeatures([{ name: 'b', unit: 'm' }, { name: 'a' }], table);
    expect(features).toEqual([
      { name: 'b', unit: 'm', type: 'number', input: 'x', shape: [] },
      { name: 'a', type: 'number', input: 'x', shape: [] },
    ]);
  });

  it('makes a feature of each input of a model without a manifest', () => {
    const signature = model(
      input('age', 'INT64', [-1, 1]),
      input('sex', 'BYTES', [-1]),
      input('member', 'BOOL', [1]),
      input('image', 'FP16', [-1, 3, -1, 8]),
    );
    expect(resolveFeatures(undefined, signature)).toEqual([
      { name: 'age', type: 'integer', input: 'age', shape: [] },
      { name: 'sex', type: 'string', input: 'sex', shape: [] },
      { name: 'member', type: 'boolean', input: 'member', shape: [] },
      { name: 'image', type: 'number', input: 'image', shape: [3, -1, 8] },
    ]);
  });

  it('makes a feature of an input that the manifest leaves out', () => {
    const signature = model(input('x', 'FP32', [-1, 2]), input('y', 'FP64', [-1]));
    expect(
      resolveFeatures(
        [
          { name: 'a', input: 'x' },
          { name: 'b', input: 'x' },
        ],
        signature,
      ).map(({ name }) => name),
    ).toEqual(['a', 'b', 'y']);
  });

  it('takes the whole tensor for a feature of a model without a dimension for rows', () => {
    const signature = model(input('x', 'FP32', [-1, 2]), input('threshold', 'FP32', []));
    expect(resolveFeatures(undefined, signature).map(({ shape }) => shape)).toEqual([[-1, 2], []]);
  });

  it.each([
    [
      'as many features as columns',
      [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
      table,
      /\[-1, 2\] is fed by 3 features \(a, b, c\)/,
    ],
    ['unique names', [{ name: 'a' }, { name: 'a' }], table, /two features named a/],
    ['an input that there is', [{ name: 'a', input: 'z' }], table, /a feeds the input z.*it has x/],
    [
      'an input named, of several',
      [{ name: 'a' }],
      model(input('x', 'FP32', [-1]), input('y', 'FP32', [-1])),
      /a must say which input.*x, y/,
    ],
    [
      'a type that the tensor holds',
      [{ name: 'x', type: 'string' as const }],
      model(input('x', 'FP32', [-1])),
      /declared as string.*number \(FP32\)/,
    ],
    [
      'no number for a tensor of integers',
      [{ name: 'x', type: 'number' as const }],
      model(input('x', 'INT32', [-1])),
      /declare it as integer/,
    ],
    [
      'no number for a tensor of booleans',
      [{ name: 'x', type: 'integer' as const }],
      model(input('x', 'BOOL', [-1])),
      /takes boolean/,
    ],
    [
      'missing only where there is NaN',
      [{ name: 'x', missing: true }],
      model(input('x', 'INT8', [-1])),
      'Feature x cannot be missing: as integer in its input x (INT8) it has no NaN. Give it a default, such as 0.',
    ],
    [
      'no missing text',
      [{ name: 'stage', missing: true }],
      model(input('stage', 'BYTES', [-1])),
      'Feature stage cannot be missing: as string in its input stage (BYTES) it has no NaN. Give it a default, such as "".',
    ],
    [
      'no missing text beside a default',
      [{ name: 'stage', missing: true, default: '' }],
      model(input('stage', 'BYTES', [-1])),
      'it has no NaN. Its default is enough: remove "missing".',
    ],
    ['bounds in order', [{ name: 'x', range: [2, 1] as const }], model(input('x', 'FP32', [-1])), /"range" \[2, 1\]/],
    ['no bounds for text', [{ name: 'x', seen: [1, 2] as const }], model(input('x', 'BYTES', [-1])), /use categories/],
    [
      'a default that is valid',
      [{ name: 'x', default: '3' }],
      model(input('x', 'FP32', [-1])),
      /default that the model does not take/,
    ],
    ['a default of the shape', [{ name: 'x', default: [1] }], table, /has 1 items at depth 0/],
    ['no input named __proto__', undefined, model(input('__proto__', 'FP32', [-1])), /__proto__/],
  ])('asks for %s', (_, declared, signature, message) => {
    expect(() => resolveFeatures(declared, signature)).toThrow(FeatureError);
    expect(() => resolveFeatures(declared, signature)).toThrow(message);
  });
});
