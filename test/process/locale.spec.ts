import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { modelOf, node } from '../../libs/onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../libs/onnx/src/testing/model-bytes.fixture.ts';
import { ServerProcess } from './spawn.ts';

/** As scikit-learn's text models begin: the texts in lower case, for which the runtime asks for the locale en_US.UTF-8. */
const LOWER_CASE = modelOf({
  inputs: { text: { shape: ['N'], elementType: 8 } },
  nodes: [node('StringNormalizer', 'text', 'y', { case_change_action: 'LOWER' })],
});

it.each(['inline', 'pool'])(
  'texts are put into lower case, also where the system has no locale for it: %s',
  async (where) => {
    const models = mkdtempSync(join(tmpdir(), 'nestor-'));
    const file = join(models, 'lower/1/model.onnx');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, modelBytes(LOWER_CASE));
    writeFileSync(join(models, 'lower/model.json'), JSON.stringify({ execution: { where } }));
    const server = new ServerProcess({ MODELS: models });
    const response = await fetch(`${await server.ready()}/predict`, {
      method: 'POST',
      body: JSON.stringify([{ text: 'GRÖSSE' }, { text: 'ÎLE ÉTRANGÈRE' }]),
      headers: { 'content-type': 'application/json' },
    });
    expect(await response.json()).toMatchObject({ prediction: ['grösse', 'île étrangère'] });
  },
);
