import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Entity } from '#text';
import { get, post, sharedServer } from '../serve.ts';
import { texts } from '../models/texts.ts';

const TOLERANCE = 1e-5;
const MODELS = 'test/models/texts';

let url: string;
beforeAll(async () => {
  ({ url } = await sharedServer({ MODELS }));
});

/** The greatest difference between numbers that should be the same. */
function apart(answered: readonly (readonly number[])[], expected: readonly (readonly number[])[]): number {
  expect(answered.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  return Math.max(...answered.flatMap((row, at) => row.map((value, place) => Math.abs(value - expected[at]![place]!))));
}

const ask = async (model: string, rows: unknown) => (await post(`${url}/models/${model}/predict`, rows)).json;
const records = texts.texts.map((text) => ({ text }));

describe.each(['embedding', 'embedding-cls', 'embedding-last', 'without-mask'] as const)('%s', (model) => {
  const { embeddings } = texts.models[model];

  it('answers all texts of a request as transformers answers each', async () => {
    const { prediction } = await ask(model, records);
    expect(apart(prediction, embeddings)).toBeLessThan(TOLERANCE);
  });

  it('answers each alone, and many at once', async () => {
    const alone = await Promise.all(records.map((record) => ask(model, record)));
    expect(
      apart(
        alone.map(({ prediction }) => prediction[0]),
        embeddings,
      ),
    ).toBeLessThan(TOLERANCE);
  });
});

describe('a classifier', () => {
  it.each(['sentiment', 'topics'] as const)('%s has the probabilities of its pipeline', async (model) => {
    const { probabilities } = texts.models[model];
    const { prediction, probabilities: answered } = await ask(model, records);
    const labels = Object.keys(answered[0]);
    const inOrder = (rows: readonly Record<string, number>[]) => rows.map((row) => labels.map((label) => row[label]!));
    expect(apart(inOrder(answered), inOrder(probabilities))).toBeLessThan(TOLERANCE);
    const likely = probabilities.map((row) =>
      model === 'topics'
        ? labels.filter((label) => row[label]! >= 0.5)
        : labels.toSorted((one, other) => row[other]! - row[one]!)[0],
    );
    expect(prediction).toEqual(likely);
  });

  it('labels a file of texts', async () => {
    const csv = 'id,text\n1,"How do I reset my password?"\n2,Cheese\n';
    const headers = { 'content-type': 'text/csv', accept: 'text/csv' };
    const { text } = await post(`${url}/models/sentiment/predict`, csv, headers);
    const lines = text.trim().split('\r\n').join('\n').split('\n');
    expect(lines[0]).toMatch(/^id,text,prediction,probability/);
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^1,"?How do I reset my password\?"?,(?:negative|neutral|positive),0\.\d+/);
  });
});

describe('a reranker', () => {
  const { scores, logits } = texts.models.reranker;
  const pairs = texts.pairs.map(([query, text]) => ({ query, text }));

  it("says how well each text answers its query, and cuts off pairs like the hub's tokenizers", async () => {
    const { prediction } = await ask('reranker', pairs);
    expect(apart([prediction], [scores])).toBeLessThan(TOLERANCE);
  });

  it('has the logit as an output of V2', async () => {
    const tensor = (name: string, data: string[]) => ({ name, datatype: 'BYTES', shape: [data.length], data });
    const inputs = [
      tensor(
        'query',
        pairs.map(({ query }) => query),
      ),
      tensor(
        'text',
        pairs.map(({ text }) => text),
      ),
    ];
    const { json } = await post(`${url}/v2/models/reranker/infer`, { inputs, outputs: [{ name: 'logit' }] });
    expect(apart([json.outputs[0].data], [logits])).toBeLessThan(TOLERANCE);
  });
});

describe.each(['entities', 'entities-bytes'] as const)('a model of %s', (model) => {
  const { texts: sentences, entities } = texts.models[model];

  it.each(sentences.map((text, at) => [text, entities[at]!] as const))(
    "finds those of transformers' pipeline, where they stand: %j",
    async (text, all) => {
      // Python counts characters, JavaScript their units; and marks on the last character stay with it here.
      const characters = Array.from(text);
      const part = ({ start, end }: { start: number; end: number }) => characters.slice(start, end).join('').trim();
      // A space alone is no entity here.
      const expected = all.filter((entity) => part(entity) !== '');
      const { prediction } = await ask(model, { text });
      const found = prediction[0] as { label: string; score: number; text: string; start: number; end: number }[];
      expect(found.map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
      expect(apart([found.map(({ score }) => score)], [expected.map(({ score }) => score)])).toBeLessThan(TOLERANCE);
      const bare = (piece: string) => piece.replace(/\p{Mn}+$/u, '');
      expect(found.map((entity) => bare(entity.text))).toEqual(expected.map((entity) => bare(part(entity))));
      expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(found.map((entity) => entity.text));
    },
  );
});

describe('a model that mixes the texts of a run', () => {
  it('runs each text alone, and says why', async () => {
    const { json: described } = await get(`${url}/models/quantised`);
    expect(described.served[0].rows).toMatchObject({ kind: 'one-by-one' });
    expect(described.served[0].rows.reason).toMatch(/DynamicQuantizeLinear/);
    const { prediction } = await ask('quantised', records);
    const alone = await Promise.all(records.slice(0, 8).map((record) => ask('quantised', record)));
    expect(prediction.slice(0, 8)).toEqual(alone.map(({ prediction: [one] }) => one));
  });
});

describe('texts in other forms', () => {
  const [first] = texts.models.embedding.embeddings;
  const [text] = texts.texts;

  it.each([
    ['a list of texts', [text]],
    ['instances', { instances: [text] }],
    ['a DataFrame dict', { text: { 0: text } }],
    ['a split DataFrame', { dataframe_split: { columns: ['text'], data: [[text]] } }],
  ])('%s', async (_, body) => {
    const { prediction } = await ask('embedding', body);
    expect(apart(prediction, [first!])).toBeLessThan(TOLERANCE);
  });

  it('instances of KServe V1', async () => {
    const { json } = await post(`${url}/v1/models/embedding:predict`, { instances: [text] });
    expect(apart(json.predictions, [first!])).toBeLessThan(TOLERANCE);
  });

  it('tensors of V2, with the number of tokens of each and whether it was cut off', async () => {
    const data = ['a few words', 'long '.repeat(60), ''];
    const inputs = [{ name: 'text', datatype: 'BYTES', shape: [3], data }];
    const { json } = await post(`${url}/v2/models/embedding/infer`, { inputs });
    const outputs = Object.fromEntries(
      (json.outputs as { name: string; data: unknown[] }[]).map(({ name, data: of }) => [name, of]),
    );
    expect(outputs['embedding']).toHaveLength(3 * 32);
    expect(outputs['tokens']).toEqual([expect.any(Number), 24, 2]);
    expect(outputs['truncated']).toEqual([false, true, false]);
  });
});

describe('a text that is longer than the model reads', () => {
  it('is answered by its beginning, with a warning that names the row', async () => {
    const { warnings } = await ask('embedding', ['short', 'long '.repeat(60)]);
    expect(warnings).toEqual([
      {
        row: 1,
        field: 'text',
        detail: 'row 1: text has more than the 24 tokens that the model reads: its end was cut off',
      },
    ]);
  });

  it('costs no more than the part that is read', async () => {
    const { prediction } = await ask('embedding', { text: 'long '.repeat(500_000) });
    const { prediction: shorter } = await ask('embedding', { text: 'long '.repeat(60) });
    expect(prediction).toEqual(shorter);
  });
});

describe('a tokenizer that cuts off the beginning of long texts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-texts-'));
  let own: string;
  beforeAll(async () => {
    for (const name of ['embedding', 'entities']) {
      const config = join(folder, name, 'tokenizer_config.json');
      cpSync(`${MODELS}/${name}`, join(folder, name), { recursive: true });
      const said = JSON.parse(readFileSync(config, 'utf8')) as object;
      writeFileSync(config, JSON.stringify({ ...said, truncation_side: 'left' }));
    }
    ({ url: own } = await sharedServer({ MODELS: folder }));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says so in the warning', async () => {
    const { json } = await post(`${own}/models/embedding/predict`, { text: 'long '.repeat(60) });
    expect(json.warnings[0].detail).toBe(
      'row 0: text has more than the 24 tokens that the model reads: its beginning was cut off',
    );
  });

  it('finds entities at their places in the whole text', async () => {
    const { predictions } = (
      await post(`${own}/v1/models/entities:predict`, { instances: texts.models.entities.texts })
    ).json as { predictions: Entity[][] };
    const at = predictions.findIndex((entities) => entities.length > 0);
    const end = ` ${texts.models.entities.texts[at]!}`.repeat(40);
    const text = `${'long '.repeat(60)}${end}`;
    const { status, json } = await post(`${own}/models/entities/predict`, { text });
    const found = json.prediction[0] as Entity[];
    expect(status).toBe(200);
    expect(found.length).toBeGreaterThan(0);
    // The model reads 24 tokens, which are no part of what stands before.
    for (const entity of found) {
      expect(entity.start).toBeGreaterThan(text.length - end.length);
      expect(text.slice(entity.start, entity.end)).toBe(entity.text);
    }
    // What stands still further before makes no difference but to the places.
    const more = 'more '.repeat(500);
    const { json: later } = await post(`${own}/models/entities/predict`, { text: more + text });
    const moved = ({ start, end: last, ...entity }: Entity): Entity => ({
      ...entity,
      start: start + more.length,
      end: last + more.length,
    });
    expect(later.prediction[0]).toEqual(found.map(moved));
  });
});

it.each([
  [{ text: 5 }, 'row 0: text'],
  [{ words: 'a' }, 'text is missing'],
  [{ text: 'a\u0000b' }, 'NUL'],
])('refuses %j', async (body, detail) => {
  const { status, json } = await post(`${url}/models/embedding/predict`, body);
  expect(status).toBe(422);
  expect(json.detail).toContain(detail);
});

describe('the manifest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-texts-'));
  let own: string;
  beforeAll(async () => {
    const copy = (name: string, manifest: object): void => {
      cpSync(`${MODELS}/embedding`, join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'model.json'), JSON.stringify(manifest));
    };
    copy('raw', { text: { normalise: false, pooling: 'cls' } });
    copy('tensors', { task: 'tensor' });
    copy('cut', { text: { maxTokens: 4, prompt: 'query: ' } });
    copy('silent', {});
    for (const name of ['modules.json', '1_Pooling']) rmSync(join(folder, 'silent', name), { recursive: true });
    ({ url: own } = await sharedServer({ MODELS: folder }));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('overrides the files of the folder', async () => {
    const { json: raw } = await post(`${own}/models/raw/predict`, { text: 'a' });
    expect(Math.hypot(...(raw.prediction[0] as number[]))).not.toBeCloseTo(1, 3);
    const { json: tensors } = await get(`${own}/models/tensors`);
    expect(tensors.served[0].signature.inputs.map(({ name }: { name: string }) => name)).toContain('input_ids');
    const { json: cut } = await post(`${own}/models/cut/predict`, { text: 'some more words' });
    expect(cut.warnings[0].detail).toContain('more than the 4 tokens');
  });

  it('is required if the folder does not say how tokens become one vector', async () => {
    const { json } = await get(`${own}/models/silent`);
    expect(json.versions[0]).toMatchObject({ state: 'failed', reason: expect.stringContaining('"pooling": "mean"') });
  });
});
