import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ELEMENT } from '../../libs/onnx/src/model-file/model-file.ts';
import { modelBytes } from '../../libs/onnx/src/testing/model-bytes.fixture.ts';
import { get, serve, until } from '../serve.ts';

const MIB = 2 ** 20;
const folder = mkdtempSync(join(tmpdir(), 'nestor-weights-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A model y = x + w, with w at the start of a file of so many bytes. */
function writeModel(name: string, bytes: number): string {
  const vector = { kind: 'tensor', elementType: ELEMENT.FLOAT, shape: ['N', 2] } as const;
  const add = { name: '', operator: 'Add', domain: 'ai.onnx', attributes: new Map() };
  const version = join(folder, name, '1');
  mkdirSync(version, { recursive: true });
  const graph = {
    name,
    nodes: [{ ...add, inputs: ['x', 'w'], outputs: ['y'] }],
    inputs: [{ name: 'x', ...vector }],
    outputs: [{ name: 'y', ...vector }],
    values: [],
    initializers: [{ name: 'w', elementType: ELEMENT.FLOAT, shape: [2], location: 'weights.bin' }],
  };
  writeFileSync(join(version, 'model.onnx'), modelBytes({ graph }));
  const weights = join(version, 'weights.bin');
  writeFileSync(weights, Buffer.from(new Float32Array([1, 2]).buffer));
  truncateSync(weights, bytes);
  return weights;
}

describe('weights that change in place while they are served', () => {
  it('are noticed and reported if runs read from them', async () => {
    const [small, large] = [writeModel('small', 8), writeModel('large', 65 * MIB)];
    const served = await serve({ MODELS: folder, WATCH_INTERVAL_SECONDS: '1' });
    const changedOf = async (name: string): Promise<unknown> =>
      (await get(`${served.url}/models/${name}`)).json.served[0].changedFiles;
    expect(await changedOf('large')).toBeUndefined();
    for (const file of [small, large]) utimesSync(file, 1, 1);
    const said = () => served.log.filter(({ msg }) => String(msg).startsWith('weights changed in place'));
    await until(() => said().length > 0);
    expect(said()).toMatchObject([{ level: 50, model: 'large', version: '1', files: ['weights.bin'] }]);
    expect([await changedOf('large'), await changedOf('small')]).toEqual([['weights.bin'], undefined]);
    const { text } = await get(`${served.url}/metrics`);
    expect(text).toContain('nestor_model_changed_files{model="large",version="1"} 1\n');
    expect(text).toContain('nestor_model_changed_files{model="small",version="1"} 0\n');
  });
});
