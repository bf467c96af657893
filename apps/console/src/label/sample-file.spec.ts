import { expect, it } from '@jest/globals';
import type { Feature } from '../api/models.ts';
import { sampleFile } from './sample-file.ts';

const feature = (name: string, more: Partial<Feature> = {}): Feature => ({ name, type: 'number', shape: [], ...more });

it('has the examples of the model as rows', () => {
  const features = [feature('a, b'), feature('c', { type: 'string' })];
  const examples = [
    { 'a, b': 1.5, c: 'x "y"' },
    { 'a, b': 2, c: 'z' },
  ];
  expect(sampleFile({ features, examples })).toBe('"a, b",c\n1.5,"x ""y"""\n2,z\n');
});

it('makes up what no example says, within what is known of the feature', () => {
  const features = [
    feature('a', { example: 7 }),
    feature('b', { type: 'integer', range: [1, 4] }),
    feature('c', { type: 'string', categories: ['red', 'blue'] }),
    feature('d', { default: 3 }),
    feature('e', { type: 'boolean' }),
    feature('f', { type: 'string' }),
    feature('g', { shape: [2], default: 0 }),
  ];
  expect(sampleFile({ features })).toBe('a,b,c,d,e,f\n7,3,red,3,true,text\n');
});

it('has as many columns as a model takes by their position', () => {
  const features = [feature('x', { shape: [3], byPosition: true, example: [1, 2, 3] })];
  expect(sampleFile({ features })).toBe('x_0,x_1,x_2\n1,2,3\n');
  expect(sampleFile({ features: [feature('x', { shape: [-1], byPosition: true })] })).toBe('x\n0\n');
});
