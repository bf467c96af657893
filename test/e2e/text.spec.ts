import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { clientOf } from '../grpc.ts';
import { get, post, serve, sharedServer } from '../serve.ts';
import { binaryBody, bytesOf, send } from './open-inference-client.ts';

const FOLDER = 'test/models/texts';
const MODELS = readdirSync(FOLDER, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
const { texts: TEXTS, pairs: PAIRS } = readJson('texts.json') as { texts: string[]; pairs: [string, string][] };
const PARITY = 1e-5;
const LONG = 'the fox '.repeat(40);

interface Entity {
  readonly label: string;
  readonly score: number;
  readonly start: number;
  readonly end: number;
}
type Expected = number | readonly number[] | Readonly<Record<string, number>> | readonly Entity[];

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, path), 'utf8'));
}

const answersOf = (model: string) => (readJson(`${model}/golden.json`) as { answers: Expected[] }).answers;
const url = async (): Promise<string> => (await sharedServer({ MODELS: FOLDER })).url;
const predict = async (model: string, body: unknown) => post(`${await url()}/models/${model}/predict`, body);

/** What a model is asked: texts, or pairs of them. */
function recordsOf(model: string): Record<string, string>[] {
  return model === 'rerank' ? PAIRS.map(([query, text]) => ({ query, text })) : TEXTS.map((text) => ({ text }));
}

/** The numbers of an answer, in one order; what else it says is compared here. */
function numbersOf(record: Record<string, string>, answered: unknown, expected: Expected): [number[], number[]] {
  if (typeof expected === 'number') return [[answered as number], [expected]];
  const isEntities = Array.isArray(answered) && typeof (answered[0] ?? expected[0 as never]) === 'object';
  if (isEntities) {
    const [found, wanted] = [answered as (Entity & { text: string })[], expected as readonly Entity[]];
    const withText = wanted.map(({ label, start, end }) => ({
      label,
      start,
      end,
      text: record['text']!.slice(start, end),
    }));
    expect(found.map(({ label, start, end, text }) => ({ label, start, end, text }))).toEqual(withText);
    return [found.map(({ score }) => score), wanted.map(({ score }) => score)];
  }
  if (Array.isArray(expected)) return [answered as number[], expected as number[]];
  const labels = Object.keys(expected).sort();
  expect(Object.keys(answered as object).sort()).toEqual(labels);
  return [labels.map((label) => (answered as never)[label]), labels.map((label) => (expected as never)[label])];
}

function expectGolden(model: string, json: any, rows: readonly number[]): void {
  const [records, answers] = [recordsOf(model), answersOf(model)];
  const answered = json.probabilities ?? json.prediction;
  expect(answered).toHaveLength(rows.length);
  for (const [at, row] of rows.entries()) {
    const [found, expected] = numbersOf(records[row]!, answered[at], answers[row]!);
    expect(found).toHaveLength(expected.length);
    const most = Math.max(0, ...found.map((value, place) => Math.abs(value - expected[place]!)));
    if (!(most <= PARITY)) throw new Error(`${model}, row ${row}: ${JSON.stringify(records[row])} is ${most} apart.`);
  }
}

describe.each(MODELS)('%s answers as transformers does', (model) => {
  const records = recordsOf(model);
  const rows = records.map((_, row) => row);

  it('to each text alone', async () => {
    for (const row of rows) expectGolden(model, (await predict(model, records[row])).json, [row]);
  });

  it('to all of them together', async () => {
    const { status, json } = await predict(model, records);
    expect(status).toBe(200);
    expectGolden(model, json, rows);
  });

  it('to 16 requests at once', async () => {
    const requests = Array.from({ length: 16 }, (_, at) => rows.filter((row) => row % 16 === at));
    const answers = await Promise.all(
      requests.map((some) =>
        predict(
          model,
          some.map((row) => records[row]),
        ),
      ),
    );
    for (const [at, { json }] of answers.entries()) expectGolden(model, json, requests[at]!);
  });
});

describe('texts come in every form', () => {
  const [text, other] = ['Angela walked from Berlin to Paris.', '😀 东京, "quoted"\nand ли́са'];
  const asked = async (model: string) => (await predict(model, [text, other])).json;

  it('CSV with a column of texts, answered as CSV', async () => {
    const body = `text\n${text}\n"${other.replaceAll('"', '""')}"\n`;
    const headers = { 'content-type': 'text/csv', accept: 'text/csv' };
    const response = await fetch(`${await url()}/models/classes/predict`, { method: 'POST', body, headers });
    const table: Record<string, string>[] = parse(await response.text(), { columns: true });
    expect(table.map(({ prediction }) => prediction)).toEqual((await asked('classes')).prediction);
  });

  it('instances of KServe V1', async () => {
    const { json } = await post(`${await url()}/v1/models/mean-pooling:predict`, {
      instances: [{ text }, { text: other }],
    });
    expect(json.predictions).toEqual((await asked('mean-pooling')).prediction);
  });

  it('V2 in JSON, with how many tokens they had', async () => {
    const inputs = [{ name: 'text', datatype: 'BYTES', shape: [2], data: ['fox', LONG] }];
    const { json } = await post(`${await url()}/v2/models/mean-pooling/infer`, { inputs });
    const outputs = Object.fromEntries(json.outputs.map((output: any) => [output.name, output]));
    const { prediction } = (await predict('mean-pooling', ['fox', LONG])).json;
    expect(outputs.embedding).toMatchObject({ datatype: 'FP32', shape: [2, 32] });
    expect(outputs.embedding.data).toEqual(prediction.flat().map((value: number) => expect.closeTo(value, 6)));
    expect(outputs.tokens.data[1]).toBe(24);
    expect(outputs.tokens.data[0]).toBeLessThan(24);
    expect(outputs.truncated.data).toEqual([false, true]);
  });

  it('V2 in binary and over gRPC', async () => {
    const embedding = (await asked('mean-pooling')).prediction.flat();
    const near = embedding.map((value: number) => expect.closeTo(value, 6));
    const tensor = { name: 'text', datatype: 'BYTES', shape: [2], data: [text, other] };
    const bytes = bytesOf(tensor);
    const { data: _, ...head } = tensor;
    const outputs = [{ name: 'embedding' }];
    const json = { inputs: [{ ...head, parameters: { binary_data_size: bytes.length } }], outputs };
    const { body, headers } = binaryBody(json, bytes);
    const answer = await send(`${await url()}/v2/models/mean-pooling/infer`, body, headers);
    expect(answer.json.outputs[0].data).toEqual(near);

    const client = clientOf(await sharedServer({ MODELS: FOLDER }));
    const bytes_contents = tensor.data.map((one) => Buffer.from(one));
    const inputs = [{ ...head, contents: { bytes_contents } }];
    const answered = await client.call('ModelInfer', { model_name: 'mean-pooling', inputs, outputs });
    expect(answered.outputs[0].contents.fp32_contents).toEqual(near);
  });
});

describe('a text that is longer than the model reads', () => {
  it('is answered by its beginning, with a warning that names its row', async () => {
    const { json } = await predict('mean-pooling', ['fox', LONG]);
    expect(json.warnings).toEqual([expect.objectContaining({ row: 1, field: 'text' })]);
    expect(JSON.stringify(json.warnings)).toContain('more than the 24 tokens that the model reads');
  });

  it('and others have none', async () => {
    expect((await predict('mean-pooling', ['fox', 'dog'])).json).not.toHaveProperty('warnings');
  });
});

describe('what is no text is refused, and named', () => {
  it.each([
    ['a record without it', [{ text: 'fox' }, {}]],
    ['a number', [{ text: 'fox' }, { text: 7 }]],
    ['null', [{ text: 'fox' }, { text: null }]],
    ['a list', [{ text: 'fox' }, { text: ['fox'] }]],
  ])('%s', async (_, body) => {
    const { status, json } = await predict('classes', body);
    expect({ status, json }).toMatchObject({ status: 422, json: { errors: [{ row: 1, field: 'text' }] } });
  });

  it('a pair without its query', async () => {
    const { status, json } = await predict('rerank', { text: 'fox' });
    expect({ status, json }).toMatchObject({ status: 422, json: { errors: [{ row: 0, field: 'query' }] } });
  });

  it('numbers as a tensor of texts', async () => {
    const inputs = [{ name: 'text', datatype: 'FP32', shape: [1], data: [1] }];
    const { status } = await post(`${await url()}/v2/models/classes/infer`, { inputs });
    expect(status).toBe(422);
  });
});

describe('the manifest has the last word', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-texts-'));

  it('on pooling, length, tokens and prompt', async () => {
    cpSync(join(FOLDER, 'mean-pooling'), join(folder, 'manifest'), { recursive: true });
    const text = { pooling: 'cls', normalise: false, maxTokens: 16, prompt: 'the fox ' };
    writeFileSync(join(folder, 'manifest', 'model.json'), JSON.stringify({ text }));
    const served = await serve({ MODELS: folder });
    const { json } = await post(`${served.url}/models/manifest/predict`, ['dog', LONG]);
    expect(json.warnings[0].row).toBe(1);
    expect(Math.hypot(...json.prediction[0])).toBeGreaterThan(1.5);
    const { json: plain } = await predict('mean-pooling', ['the fox dog']);
    expect(json.prediction[0]).not.toEqual(plain.prediction[0]);
    const { json: described } = await get(`${served.url}/models/manifest`);
    expect(described.text).toMatchObject({ ...text, pooling: ['cls'] });
  });
});

describe('a model is described with what was taken from its folder', () => {
  it.each([
    ['mean-pooling', { task: 'text-embedding', maxTokens: 24, pooling: ['mean'], normalise: true, width: 32 }],
    ['cls-pooling', { task: 'text-embedding', pooling: ['cls'], normalise: false }],
    ['last-pooling', { task: 'text-embedding', pooling: ['last'], normalise: false }],
    ['several-classes', { task: 'text-classification', hasManyLabels: true }],
    ['rerank', { task: 'rerank', maxTokens: 24 }],
    ['entities', { task: 'token-classification', labels: ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'] }],
  ])('%s', async (model, text) => {
    const { json } = await get(`${await url()}/models/${model}`);
    expect(json).toMatchObject({ task: text.task, text });
  });

  it.each([
    ['without-mask', /no attention_mask/],
    ['dynamic-quantisation', /quanti[sz]/i],
  ])('%s says why its texts run alone', async (model, reason) => {
    const { json } = await get(`${await url()}/models/${model}`);
    expect(json.served[0].rows).toMatchObject({ kind: 'one-by-one', reason: expect.stringMatching(reason) });
  });
});
