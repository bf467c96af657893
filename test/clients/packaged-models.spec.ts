import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { post, sharedServer } from '../serve.ts';

/** What packaged_models.py writes. */
interface Packaged {
  readonly magika: Model<{ bytes: number[] }> & {
    readonly labels: string[];
    readonly label: string[];
    readonly score: number[];
  };
  readonly silero_vad: Model<{ input: number[][] }> & { readonly probabilities: number[]; readonly states: unknown[] };
  readonly minilm: Model<{ input_ids: number[] }> & { readonly answers: number[][][] };
}

interface Model<Row> {
  readonly model: string;
  readonly rows: readonly Row[];
}

/**
 * Models that packages hold, with manifests of a few lines, against what the packages and ONNX Runtime in Python
 * answer.
 */
const PYTHON = 'test/clients/.venv/packaged/bin/python';

// In CI nothing is skipped.
(existsSync(PYTHON) || process.env['CI'] ? describe : describe.skip)('a model of a package', () => {
  let packaged: Packaged;
  let env: Record<string, string>;

  beforeAll(() => {
    const text = execFileSync(PYTHON, ['test/clients/packaged_models.py'], { maxBuffer: 2 ** 26 }).toString();
    packaged = JSON.parse(text) as Packaged;
    const { magika, silero_vad, minilm } = packaged;
    const repository = mkdtempSync(join(tmpdir(), 'nestor-packaged-'));
    const add = (name: string, path: string, manifest: object): void => {
      mkdirSync(join(repository, name, '1'), { recursive: true });
      symlinkSync(path, join(repository, name, '1', 'model.onnx'));
      writeFileSync(join(repository, name, 'model.json'), JSON.stringify(manifest));
    };
    add('magika', magika.model, {
      features: [{ name: 'bytes', range: [0, 256] }],
      outputs: { probabilities: 'target_label' },
      labels: magika.labels,
    });
    add('vad', silero_vad.model, {
      features: [
        { name: 'input', shape: [1, 576], range: [-1, 1] },
        { name: 'state', shape: [2, 1, 128], default: 0 },
        { name: 'sr', default: 16000 },
      ],
      outputs: { prediction: 'output', state: 'stateN' },
    });
    add('minilm', minilm.model, {
      features: [
        { name: 'input_ids', range: [0, 30521] },
        { name: 'attention_mask', default: 1 },
        { name: 'token_type_ids', default: 0 },
      ],
    });
    env = { MODELS: repository };
  });

  it('magika recognises files, with its own labels and probabilities', async () => {
    const { url } = await sharedServer(env);
    const { rows, label, score } = packaged.magika;
    const { json } = await post(`${url}/models/magika/predict?top=1`, rows);
    expect(json.prediction).toEqual(label);
    const probabilities = json.probabilities.map((one: object) => Object.values(one)[0]);
    expect(probabilities).toEqual(score.map((one) => expect.closeTo(one, 5)));
    expect((await post(`${url}/v1/models/magika:predict`, { instances: rows })).json).toEqual({ predictions: label });
    const { status, json: problem } = await post(`${url}/models/magika/predict`, {
      bytes: [...rows[0]!.bytes.slice(1), 257],
    });
    expect({ status, detail: problem.detail }).toMatchObject({
      status: 422,
      detail: expect.stringContaining('element 2047) is 257'),
    });
  });

  it('silero-vad hears speech piece by piece, its first state and sample rate by default', async () => {
    const { url } = await sharedServer(env);
    const { rows, probabilities } = packaged.silero_vad;
    let state: unknown;
    const heard: number[] = [];
    for (const row of rows) {
      const { json } = await post(`${url}/models/vad/predict`, { ...row, ...(state !== undefined && { state }) });
      heard.push(json.prediction.flat(2)[0]);
      [state] = json.state;
    }
    expect(heard).toEqual(probabilities.map((one) => expect.closeTo(one, 5)));
  });

  it('MiniLM with weights of 8 bits takes tokens, mask and kinds of tokens by default', async () => {
    const { url } = await sharedServer(env);
    const { rows, answers } = packaged.minilm;
    for (const [at, row] of rows.entries()) {
      const { json } = await post(`${url}/models/minilm/predict`, row);
      const expected = answers[at]!.flat();
      expect(json.prediction[0]).toHaveLength(row.input_ids.length);
      const off = json.prediction
        .flat(2)
        .filter((value: number, place: number) => !(Math.abs(value - expected[place]!) < 1e-4));
      expect(off).toEqual([]);
    }
  });
});
