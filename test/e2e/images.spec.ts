import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { Engine } from '#engine';
import { type Answer, get, post, serve, sharedServer, until } from '../serve.ts';

interface Golden {
  readonly records: readonly { readonly pixels: number[] }[];
  readonly prediction: readonly string[];
  readonly probabilities: readonly Record<string, number>[];
}
const golden = JSON.parse(readFileSync('models/digits/training/golden.json', 'utf8')) as Golden;
const drawn = (row: number): Sharp =>
  sharp(Uint8Array.from(golden.records[row]!.pixels), { raw: { width: 28, height: 28, channels: 1 } });

/** Sends bytes, or a form. */
async function send(url: string, body: Uint8Array | FormData, type?: string): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    body: body as Uint8Array<ArrayBuffer> | FormData,
    headers: type === undefined ? {} : { 'content-type': type },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
}

function formOf(files: readonly Uint8Array[], type = 'image/png'): FormData {
  const form = new FormData();
  for (const [at, file] of files.entries()) form.append('image', new Blob([file], { type }), `${at}.png`);
  return form;
}

/** How far a row's probabilities are from the training framework's. */
const distance = (answered: Record<string, number>, row: number): number =>
  Math.max(...Object.entries(golden.probabilities[row]!).map(([label, value]) => Math.abs(answered[label]! - value)));

const PARITY = 1e-4;

describe('pictures of digits', () => {
  let url: string;
  beforeEach(async () => {
    url = `${(await sharedServer()).url}/models/digits/predict`;
  });

  it.each(['png', 'jpeg', 'webp'] as const)('as the body: image/%s', async (format) => {
    const picture = await drawn(40).resize({ width: 280, height: 280, kernel: 'nearest' }).toFormat(format).toBuffer();
    const { status, json } = await send(url, picture, `image/${format}`);
    expect(status).toBe(200);
    expect(json).toEqual({
      prediction: [golden.prediction[40]],
      probabilities: [expect.objectContaining({ '0': expect.any(Number), '9': expect.any(Number) })],
      model: { name: 'digits', version: '1' },
    });
    expect(distance(json.probabilities[0], 40)).toBeLessThan(format === 'png' ? PARITY : 0.05);
  });

  it('as the files of a form, one row each, in their order: all golden digits, as the training framework predicts them', async () => {
    const files = await Promise.all(golden.records.map((_, row) => drawn(row).png().toBuffer()));
    const { json } = await send(url, formOf(files));
    expect(json.prediction).toEqual(golden.prediction);
    const distances = golden.records.map((_, row) => distance(json.probabilities[row], row));
    expect(Math.max(...distances)).toBeLessThan(PARITY);
  });

  it('count as their tensors in the memory of all requests', async () => {
    const served = await serve({ MODELS: 'models/digits', MAX_INFLIGHT_BYTES: String(8 * 2 ** 20) });
    const file = await drawn(40).png().toBuffer();
    const form = (): FormData => formOf(Array<Uint8Array>(400).fill(file));
    expect((await send(`${served.url}/predict`, form())).status).toBe(200);
    const other = connect(Number(new URL(served.url).port), '127.0.0.1');
    other.write(`POST /predict HTTP/1.1\r\nHost: nestor\r\nContent-Length: 1400000\r\n\r\n`);
    await until(async () => /^nestor_inflight_bytes 5\d{6}$/m.test((await get(`${served.url}/metrics`)).text));
    expect((await send(`${served.url}/predict`, form())).json).toMatchObject({ status: 503, code: 'MEMORY_FULL' });
    other.destroy();
  });

  it('as pixels: all golden digits too', async () => {
    const { json } = await post(url, { instances: golden.records });
    expect(json.prediction).toEqual(golden.prediction);
    const distances = golden.records.map((_, row) => distance(json.probabilities[row], row));
    expect(Math.max(...distances)).toBeLessThan(PARITY);
  });

  it('as base64 in JSON, in every form', async () => {
    const base64 = (await drawn(7).png().toBuffer()).toString('base64');
    const bodies = [
      { image: base64 },
      { image: `data:image/png;base64,${base64}` },
      { image: { b64: base64 } },
      [{ b64: base64 }],
      { instances: [{ b64: base64 }] },
      { instances: [{ image: { b64: base64 } }] },
    ];
    for (const body of bodies) {
      const { status, json } = await post(url, body);
      expect([status, json.prediction]).toEqual([200, [golden.prediction[7]]]);
    }
  });

  it('as base64 in KServe V1 and MLflow, as in TensorFlow Serving', async () => {
    const { url: server } = await sharedServer({ DEFAULT_MODEL: 'digits' });
    const rows = [7, 40];
    const b64 = await Promise.all(rows.map(async (row) => (await drawn(row).png().toBuffer()).toString('base64')));
    const bare = b64.map((text) => ({ b64: text }));
    const named = bare.map((encoded) => ({ picture: encoded }));
    const forms = [
      ...[bare, named, golden.records.filter((_, row) => rows.includes(row))].map((instances) => ({ instances })),
      ...[bare, { picture: bare }].map((inputs) => ({ inputs })),
    ];
    const predictions = rows.map((row) => golden.prediction[row]);
    for (const path of ['v1/models/digits:predict', 'invocations']) {
      for (const form of forms) expect((await post(`${server}/${path}`, form)).json).toEqual({ predictions });
      expect(await post(`${server}/${path}`, { instances: [bare[0], { b64: 'AAAA' }] })).toMatchObject({ status: 422 });
    }
    const records = { dataframe_records: named };
    expect((await post(`${server}/invocations`, records)).json).toEqual({ predictions });
    const image = [Array.from({ length: 28 }, () => Array<number>(28).fill(0))];
    expect((await post(`${server}/v1/models/digits:predict`, { instances: [image, image] })).json).toEqual({
      predictions: [expect.any(String), expect.any(String)],
    });
    const { status, json } = await post(`${server}/v1/models/wine:predict`, { instances: bare });
    expect({ status, json }).toEqual({ status: 422, json: { error: expect.any(String) } });
  });

  it("as the model's own tensor, which stays unchanged", async () => {
    const image = [Array.from({ length: 28 }, () => Array<number>(28).fill(0))];
    const { status, json } = await post(url, { image });
    expect([status, json.prediction]).toEqual([200, [expect.any(String)]]);
  });

  it('with only the most probable labels, the highest first', async () => {
    const picture = await drawn(40).png().toBuffer();
    const { json, text } = await send(`${url}?top=3`, picture, 'image/png');
    const all = (await send(url, picture, 'image/png')).json.probabilities[0] as Record<string, number>;
    const highest = Object.entries(all)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 3);
    expect(json.probabilities).toEqual([Object.fromEntries(highest)]);
    // The order is that of the text: JSON.parse sorts keys that are whole numbers.
    expect(text).toContain(`[{${highest.map(([label, value]) => `"${label}":${value}`).join(',')}}]`);
  });

  it.each([
    ['bytes that are no picture', Buffer.from('hello'), 'image/png', 422, 'INVALID_IMAGE'],
    ['no bytes', Buffer.alloc(0), 'image/png', 400, 'EMPTY_BODY'],
    ['a format that is not taken', Buffer.from('GIF89a'), 'image/gif', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a form without a boundary', Buffer.from('x'), 'multipart/form-data', 400, 'MALFORMED_BODY'],
    ['a form cut off', Buffer.from('--b\r\ncontent-disp'), 'multipart/form-data; boundary=b', 400, 'MALFORMED_BODY'],
    ['a form with nothing in it', Buffer.from('--b--\r\n'), 'multipart/form-data; boundary=b', 422, 'NO_ROWS'],
    ['no base64', Buffer.from('{"image":"!"}'), 'application/json', 422, 'INVALID_ROWS'],
    ['too few pixels', Buffer.from('{"pixels":[1]}'), 'application/json', 422, 'INVALID_ROWS'],
    ['a record that is none', Buffer.from('[{"b64":"AA=="},{"RM":1}]'), 'application/json', 422, 'INVALID_ROWS'],
  ])('rejected: %s', async (_what, body, type, status, code) => {
    const answer = await send(url, body, type);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });

  it('rejected: one of several, with its row', async () => {
    const good = await drawn(0).png().toBuffer();
    const { status, json } = await send(url, formOf([good, Buffer.from('x'), good]));
    expect([status, json.errors]).toEqual([422, [{ row: 1, detail: 'row 1: is no PNG, JPEG or WebP file' }]]);
  });

  it('never a server error, whatever the bytes', async () => {
    const seed = await drawn(3).jpeg().toBuffer();
    const file = fc
      .array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { maxLength: 8 })
      .map((changes) => changes.reduce((bytes, [at, byte]) => bytes.fill(byte, at, at + 1), Buffer.from(seed)));
    await fc.assert(
      fc.asyncProperty(fc.oneof(file, fc.uint8Array({ minLength: 1, maxLength: 64 })), async (body) => {
        expect([200, 413, 422]).toContain((await send(url, body, 'image/jpeg')).status);
      }),
      { numRuns: 50 },
    );
  });

  it('without blocking others: a probe is answered during the decoding of large ones', async () => {
    const large = await sharp({ create: { width: 4000, height: 4000, channels: 3, background: '#fff' } })
      .composite([{ input: await drawn(2).resize(2000).png().toBuffer() }])
      .png()
      .toBuffer();
    const answers: string[] = [];
    const pictures = send(url, formOf([large, large, large, large])).then(({ status }) =>
      answers.push(`digits ${status}`),
    );
    await get(`${new URL(url).origin}/livez`).then(({ status }) => answers.push(`livez ${status}`));
    await pictures;
    expect(answers).toEqual(['livez 200', 'digits 200']);
  });
});

describe('a model that takes no pictures', () => {
  it.each(['image/png', 'multipart/form-data; boundary=b'])('says so: %s', async (type) => {
    const { url } = await sharedServer();
    const { status, json } = await send(`${url}/predict`, Buffer.from('x'), type);
    expect([status, json.detail]).toEqual([415, expect.stringContaining('takes rows, not pictures')]);
  });

  it('returns the top probabilities too, if it has any', async () => {
    const { url } = await sharedServer();
    const record = (await get(`${url}/models/wine`)).json.features.map(({ name, example }: any) => [name, example]);
    const { json } = await post(`${url}/models/wine/predict?top=2`, Object.fromEntries(record));
    const answered = Object.entries(json.probabilities[0] as Record<string, number>);
    expect(answered.map(([label]) => label)[0]).toBe(json.prediction[0]);
    expect(answered).toHaveLength(2);
    expect(answered[0]![1]).toBeGreaterThanOrEqual(answered[1]![1]);
  });

  it.each([
    ['wine', '0'],
    ['wine', 'all'],
    ['housing', '3'],
  ])('rejects an invalid top: %s, %s', async (model, top) => {
    const { url } = await sharedServer();
    const { status, json } = await post(`${url}/models/${model}/predict?top=${top}`, {});
    expect([status, json.code]).toEqual([422, 'UNSUPPORTED_PARAMETER']);
  });
});

describe('a model of colour photos: 224 × 224, NCHW, mean and deviation', () => {
  const MEAN = [0.485, 0.456, 0.406];
  const DEVIATION = [0.229, 0.224, 0.225];
  let folder: string;

  /** The test model that answers the means of the three channels, with an image block. */
  const serveMeans = async (image: object, manifest: object = {}) => {
    mkdirSync(join(folder, 'means'), { recursive: true });
    cpSync('test/models/image/1', join(folder, 'means', '1'), { recursive: true });
    writeFileSync(join(folder, 'means', 'model.json'), JSON.stringify({ image, ...manifest }));
    return serve({ MODELS: folder });
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nestor-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gets every channel standardised', async () => {
    const { url } = await serveMeans({
      width: 224,
      height: 224,
      scale: 1 / 255,
      mean: MEAN,
      deviation: DEVIATION,
      crop: 0.875,
    });
    const photo = await sharp({
      create: { width: 640, height: 480, channels: 3, background: { r: 204, g: 102, b: 51 } },
    })
      .png()
      .toBuffer();
    const { json } = await send(`${url}/predict`, photo, 'image/png');
    const expected = [0.8, 0.4, 0.2].map((level, channel) => (level - MEAN[channel]!) / DEVIATION[channel]!);
    expect(json.prediction).toEqual([expected.map((value) => expect.closeTo(value, 3))]);
  });

  it('is prepared by a preset, whose members are described', async () => {
    const { url } = await serveMeans({ width: 224, height: 224, preset: 'torchvision' });
    const photo = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#cc6633' } })
      .png()
      .toBuffer();
    const { json } = await send(`${url}/predict`, photo, 'image/png');
    const expected = [0.8, 0.4, 0.2].map((level, channel) => (level - MEAN[channel]!) / DEVIATION[channel]!);
    expect(json.prediction).toEqual([expected.map((value) => expect.closeTo(value, 3))]);
    const { image } = (await get(`${url}/models/means`)).json;
    expect(image).toMatchObject({ width: 224, crop: 0.875, mean: MEAN, deviation: DEVIATION, antialias: true });
    expect(image).not.toHaveProperty('preset');
  });

  it('returns an embedding if that is its task', async () => {
    const { url } = await serveMeans({ width: 224, height: 224 }, { task: 'image-embedding' });
    const { json } = await get(`${url}/models/means`);
    expect(json).toMatchObject({ task: 'image-embedding', outputs: [{ key: 'prediction', as: 'embedding' }] });
    const api = await get(`${url}/openapi.json`);
    const { prediction } = api.json.components.schemas.MeansPrediction.properties;
    expect(prediction).toEqual({ type: 'array', items: { type: 'array', items: { type: ['number', 'null'] } } });
  });

  it('is what the manifest says for the default model, the queue and the lease too', async () => {
    const { url, app } = await serveMeans({ width: 224, height: 224 });
    const photos = await Promise.all(
      [10, 20, 30].map((r) =>
        sharp({ create: { width: 300, height: 200, channels: 3, background: { r, g: 0, b: 0 } } })
          .jpeg({ quality: 100 })
          .toBuffer(),
      ),
    );
    const { json } = await send(`${url}/predict`, formOf(photos, 'image/jpeg'));
    expect(json.prediction.map(([red]: number[]) => Math.round(red!))).toEqual([10, 20, 30]);
    expect(app.get(Engine).get('means').leases).toBe(0);
  });

  it('does not start if the image block does not fit the model', async () => {
    await expect(serveMeans({ width: 32, height: 32 })).rejects.toThrow(/"image" needs an input .*\[N, 3, 32, 32\]/);
  });
});
