import { expect, it } from '@jest/globals';
import type { Manifest } from '#models';
import type { Signature } from '#tensor';
import { withEmbedding } from './image-embedding.ts';

const image = { width: 8, height: 8 };
const model = (...names: string[]): Signature => ({
  inputs: [],
  outputs: names.map((name) => ({ name, datatype: 'FP32', shape: [-1, 512] })),
});

it.each<[string, Manifest, Signature, string | undefined]>([
  ['an output that is called so', { image }, model('last', 'image_embeds'), 'image_embeds'],
  ['the first vector, where the task says so', { image, task: 'image-embedding' }, model('y'), 'y'],
  ['none of another name, which may be scores', { image }, model('logits'), undefined],
  ['none beside labels', { image, labels: ['a', 'b'] }, model('embedding'), undefined],
  ['none of what takes no pictures', {}, model('embedding'), undefined],
  ['none of another task', { image, task: 'tensor' }, model('embedding'), undefined],
])('%s is an embedding', (_, manifest, signature, output) => {
  const found = withEmbedding(manifest, signature);
  if (output === undefined) expect(found).toBe(manifest);
  else
    expect(found).toMatchObject({
      task: 'image-embedding',
      outputs: { prediction: { from: output, as: 'embedding' } },
    });
});

it.each<[Manifest, Signature, string]>([
  [{ task: 'image-embedding' }, model('y'), 'write an "image" block'],
  [{ task: 'image-embedding', image }, { inputs: [], outputs: [] }, 'needs an output [N, width]'],
])('%j is refused where the model does not fit', (manifest, signature, message) => {
  expect(() => withEmbedding(manifest, signature)).toThrow(message);
});
