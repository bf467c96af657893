import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { findModels } from '#models';
import { open } from '../../../../libs/engine/src/testing/engine.fixture.ts';
import { floats, modelOf, node, type Sketch } from '../../../../libs/onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../../../libs/onnx/src/testing/model-bytes.fixture.ts';
import { warningsOf } from './warnings.ts';

/** The warnings about a model, except those about its rows and missing examples. */
async function warnings(sketch: Sketch, manifest = {}): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), 'nestor-')), 'sketch');
  mkdirSync(folder);
  writeFileSync(join(folder, 'model.onnx'), modelBytes(modelOf(sketch)));
  writeFileSync(join(folder, 'model.json'), JSON.stringify(manifest));
  const [found] = await findModels(folder);
  const engine = await open(folder);
  const said = warningsOf(engine.get(), found!);
  await engine.close();
  return said.filter((text) => !text.includes('has no example') && !text.includes('do not share runs')).join('\n');
}

const network: Sketch = {
  inputs: { x: ['N', 4] },
  nodes: [node('Gemm', 'x weights', 'logits')],
  constants: [floats('weights', [4, 3])],
  outputs: ['logits'],
};

it('advises an activation where a linear layer ends in several columns', async () => {
  const advice = '{"outputs": {"probabilities": {"from": "logits", "activation": "softmax"}}}';
  expect(await warnings(network)).toContain(advice);
  expect(await warnings(network, { labels: ['a', 'b', 'c'] })).toContain(advice);
});

it.each([
  [
    'names an activation',
    { outputs: { probabilities: { from: 'logits', activation: 'softmax' } }, labels: ['a', 'b', 'c'] },
  ],
  ['names the output', { outputs: { prediction: 'logits' } }],
  ['is of a regression', { task: 'regression' }],
])('advises none where the manifest %s', async (_, manifest) => {
  expect(await warnings(network, manifest)).toBe('');
});

it('says of distances that nothing shows what they are, and asks for no names of clusters', async () => {
  const nodes = [node('ArgMin', 'x', 'label', { axis: 1, keepdims: 0 }), node('Abs', 'x', 'scores')];
  const text = await warnings({ inputs: { x: ['N', 3] }, nodes, outputs: ['label', 'scores'] });
  expect(text).toMatch(
    /^Nothing shows that the values of scores are probabilities, so the response has them as "scores"\.[^\n]*$/,
  );
});

it('advises static quantisation', async () => {
  const nodes = [node('DynamicQuantizeLinear', 'x', 'q s z'), node('DequantizeLinear', 'q s z')];
  expect(await warnings({ inputs: { x: ['N', 1] }, nodes })).toContain('quantize_static');
});
