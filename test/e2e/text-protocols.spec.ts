import { beforeAll, describe, expect, it } from '@jest/globals';
import { get, post, sharedServer } from '../serve.ts';
import { texts } from '../models/texts.ts';

const { embeddings } = texts.models.embedding;
const SHORT = texts.texts.map((text, at) => ({ text, at })).filter(({ text }) => text.length < 18 && text.length > 0);
const LONG = 'long '.repeat(60);

let url: string;
beforeAll(async () => {
  ({ url } = await sharedServer({ MODELS: 'test/models/texts' }));
});

const near = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((value, at) => Math.abs(value - other[at]!) < 1e-5);

describe("OpenAI's embeddings", () => {
  const create = async (body: unknown) => post(`${url}/v1/embeddings`, body);

  it('answers texts in their order, and counts tokens', async () => {
    const input = SHORT.map(({ text }) => text);
    const { status, json } = await create({ model: 'embedding', input, user: 'somebody' });
    expect(status).toBe(200);
    expect(json).toMatchObject({ object: 'list', model: 'embedding' });
    for (const [index, { at }] of SHORT.entries()) {
      expect(json.data[index]).toMatchObject({ object: 'embedding', index });
      expect(near(json.data[index].embedding, embeddings[at]!)).toBe(true);
    }
    expect(json.usage.prompt_tokens).toBeGreaterThan(2 * SHORT.length);
    expect(json.usage.total_tokens).toBe(json.usage.prompt_tokens);
  });

  it('answers the bytes of 32-bit floats in base64', async () => {
    const [{ text, at }] = SHORT as [{ text: string; at: number }];
    const { json } = await create({ model: 'embedding', input: text, encoding_format: 'base64' });
    const bytes = Buffer.from(json.data[0].embedding as string, 'base64');
    const floats = Array.from({ length: bytes.length / 4 }, (_, place) => bytes.readFloatLE(4 * place));
    expect(near(floats, embeddings[at]!)).toBe(true);
  });

  it('takes tokens unchanged', async () => {
    const { json: of } = await create({ model: 'embedding', input: 'a' });
    const { json } = await create({
      model: 'embedding',
      input: [
        [2, ...[1], 3],
        [2, 3],
      ],
    });
    expect(json.data).toHaveLength(2);
    expect(json.usage.prompt_tokens).toBe(5);
    expect(of.usage.prompt_tokens).toBe(3);
    const { json: one } = await create({ model: 'embedding', input: [2, 3] });
    expect(one.data[0].embedding).toEqual(json.data[1].embedding);
  });

  it.each([
    ['a model of another task', { model: 'sentiment', input: 'a' }, 422, 'text-embedding'],
    ['an unknown model', { model: 'nobody', input: 'a' }, 404, 'nobody'],
    ['no model where there are several', { input: 'a' }, 422, 'embedding-cls'],
    ['no input', { model: 'embedding' }, 422, '"input"'],
    ['an empty list', { model: 'embedding', input: [] }, 422, 'empty list'],
    ['a list of something else', { model: 'embedding', input: ['a', 5] }, 422, 'item 1'],
    ['tokens that there are not', { model: 'embedding', input: [[2, 999_999, 3]] }, 422, '999999'],
    ['a form that it does not have', { model: 'embedding', input: 'a', encoding_format: 'hex' }, 422, 'base64'],
    ['dimensions that mean nothing', { model: 'embedding', input: 'a', dimensions: 7 }, 422, '32'],
    ['a member that it does not know', { model: 'embedding', input: 'a', truncate: true }, 422, 'truncate'],
    ['a text that would be cut', { model: 'embedding', input: ['a', LONG] }, 422, 'row 1'],
    ['no JSON', '{', 400, 'JSON'],
  ])('rejects %s in its own form', async (_, body, expected, detail) => {
    const { status, json } = await create(body);
    expect(status).toBe(expected);
    expect(json.error).toMatchObject({ type: 'invalid_request_error', param: null, code: expect.any(String) });
    expect(json.error.message).toContain(detail);
  });
});

describe('text-embeddings-inference', () => {
  it('embeds texts, of length 1 unless told otherwise', async () => {
    const [{ text, at }] = SHORT as [{ text: string; at: number }];
    const { json } = await post(`${url}/embed?model=embedding`, { inputs: [text, 'b'] });
    expect(near(json[0], embeddings[at]!)).toBe(true);
    const short = { inputs: 'a' };
    const { json: cls } = await post(`${url}/embed?model=embedding-cls`, short);
    expect(Math.hypot(...(cls[0] as number[]))).toBeCloseTo(1, 5);
    const { json: raw } = await post(`${url}/embed?model=embedding-cls`, { ...short, normalize: false });
    expect(near(raw[0], texts.models['embedding-cls'].embeddings[texts.texts.indexOf('a')]!)).toBe(true);
  });

  it('cuts off a text on request', async () => {
    const { json } = await post(`${url}/embed?model=embedding`, { inputs: LONG, truncate: true });
    expect(near(json[0], embeddings[texts.texts.indexOf(LONG)]!)).toBe(true);
  });

  it('ranks texts by the only reranker', async () => {
    const [query] = texts.pairs[0]!;
    const list = texts.pairs.slice(0, 6).map(([, text]) => text.slice(0, 12));
    const { json } = await post(`${url}/rerank`, { query: query.slice(0, 10), texts: list, return_text: true });
    const scores = (json as { score: number }[]).map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
    for (const { index, text } of json as { index: number; text: string }[]) expect(text).toBe(list[index]);
    const { json: raw } = await post(`${url}/rerank`, { query: query.slice(0, 10), texts: list, raw_scores: true });
    const first = raw[0] as { index: number; score: number };
    expect(1 / (1 + Math.exp(-first.score))).toBeCloseTo(scores[0]!, 5);
    expect(first.index).toBe(json[0].index);
  });

  it.each([
    ['/embed?model=embedding', { inputs: LONG }, 422, 'truncate'],
    ['/embed?model=embedding', { inputs: 'a', normalize: false }, 422, 'length 1'],
    ['/embed', { inputs: 'a' }, 422, 'Name one of'],
    ['/embed?model=reranker', { inputs: 'a' }, 422, 'rerank'],
    ['/embed?model=embedding', { inputs: 'a', prompt_name: 'query' }, 422, 'prompt_name'],
    ['/rerank', { query: 'a', texts: [] }, 422, 'empty list'],
    ['/rerank', { query: 5, texts: ['a'] }, 422, '"query"'],
    ['/rerank', { query: 'a', texts: ['a', null] }, 422, 'at 1'],
  ])('%s rejects %j in its own form', async (path, body, expected, detail) => {
    const { status, json } = await post(`${url}${path}`, body);
    expect(status).toBe(expected);
    expect(json).toMatchObject({ error_type: 'Validation' });
    expect(json.error).toContain(detail);
  });
});

it('are described if models for them are served', async () => {
  const { json } = await get(`${url}/openapi.json`);
  expect(Object.keys(json.paths)).toEqual(expect.arrayContaining(['/v1/embeddings', '/embed', '/rerank']));
  const { url: without } = await sharedServer({ MODELS: 'models/housing' });
  const { json: others } = await get(`${without}/openapi.json`);
  expect(Object.keys(others.paths).filter((path) => /embed|rerank/.test(path))).toEqual([]);
});
