import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readTextFolder, TextTokenizer } from '#text';
import { post, sharedServer } from '../serve.ts';

/** What packaged_texts.py writes. */
interface Packaged {
  readonly texts: readonly string[];
  readonly tokens: readonly (readonly number[])[];
  readonly embeddings: readonly (readonly number[])[];
}

const PYTHON = 'test/clients/.venv/packaged/bin/python';
const TOLERANCE = 1e-5;
const MAX_TOKENS = 256;

const apart = (one: readonly number[], other: readonly number[]): number =>
  Math.max(...one.map((value, at) => Math.abs(value - other[at]!)));

// In CI nothing is skipped.
(existsSync(PYTHON) || process.env['CI'] ? describe : describe.skip)('all-MiniLM-L6-v2, from its folder alone', () => {
  const models = mkdtempSync(join(tmpdir(), 'nestor-texts-'));
  let packaged: Packaged;
  let url: string;

  beforeAll(async () => {
    const arguments_ = ['test/clients/packaged_texts.py', join(models, 'minilm')];
    packaged = JSON.parse(execFileSync(PYTHON, arguments_, { maxBuffer: 2 ** 26 }).toString()) as Packaged;
    ({ url } = await sharedServer({ MODELS: models, REQUEST_TIMEOUT_SECONDS: '600' }));
  });

  it("tokenizes texts in ten scripts like the hub's own tokenizers: 999 of 1,000", async () => {
    const folder = await readTextFolder(join(models, 'minilm/onnx/model.onnx'));
    const tokenizer = await TextTokenizer.open(folder!, { maxTokens: MAX_TOKENS, isLowerCase: false });
    const other = packaged.texts.filter(
      (text, at) => tokenizer.tokens(text).ids.join() !== packaged.tokens[at]!.join(),
    );
    expect(other.length).toBeLessThanOrEqual(1);
  });

  it('embeds all of them in one request, as ONNX Runtime and NumPy embed each', async () => {
    const { json } = await post(`${url}/models/minilm/predict`, packaged.texts);
    const vectors = json.prediction as number[][];
    expect(vectors).toHaveLength(1000);
    const off = vectors.filter((vector, at) => !(apart(vector, packaged.embeddings[at]!) < TOLERANCE));
    expect(off).toEqual([]);
  });

  it('embeds each alone as it does among others', async () => {
    for (let at = 0; at < 100; at += 1) {
      const { json } = await post(`${url}/models/minilm/predict`, { text: packaged.texts[at] });
      expect(apart(json.prediction[0], packaged.embeddings[at]!)).toBeLessThan(TOLERANCE);
    }
  });

  it("serves OpenAI's own client", async () => {
    // Those that the model reads whole: others are refused in this form.
    const whole = packaged.texts.flatMap((_, at) => (packaged.tokens[at]!.length < MAX_TOKENS ? [at] : [])).slice(-20);
    const texts = whole.map((at) => packaged.texts[at]!);
    const script = ['test/clients/openai_embeddings.py', url, 'minilm', ...texts];
    // The server runs in this process, which must not wait for it.
    const { stdout } = await promisify(execFile)(PYTHON, script, { maxBuffer: 2 ** 26 });
    const answered = JSON.parse(stdout);
    expect(answered.refused).toBe('UNKNOWN_MODEL');
    expect(answered.tokens).toBeGreaterThan(texts.length);
    for (const [at, vector] of (answered.embeddings as number[][]).entries())
      expect(apart(vector, packaged.embeddings[whole[at]!]!)).toBeLessThan(TOLERANCE);
  });
});
