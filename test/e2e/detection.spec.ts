import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import type { Detection } from '#detections';
import { type Answer, answerOf, get, post, sharedServer } from '../serve.ts';

const FOLDER = 'test/models/detectors';
const PICTURES = ['chelsea.jpg', 'astronaut.png', 'coffee.jpg'];
const MODELS = readdirSync(FOLDER).filter((name) => name !== 'pictures');
const PIXELS = 1;
const SCORES = 1e-3;

const picture = (name: string): Buffer => readFileSync(join(FOLDER, 'pictures', name));
const served = async (): Promise<string> => (await sharedServer({ MODELS: FOLDER })).url;

const expectedOf = (model: string): Record<string, Detection[]> =>
  JSON.parse(readFileSync(join(FOLDER, model, 'expected.json'), 'utf8')).detections;

async function send(path: string, name = 'chelsea.jpg', below = 'models'): Promise<Answer> {
  const headers = { 'content-type': name.endsWith('png') ? 'image/png' : 'image/jpeg' };
  return answerOf(
    await fetch(`${await served()}/${below}/${path}`, { method: 'POST', headers, body: new Uint8Array(picture(name)) }),
  );
}

/** Numbers beside each other, as far as they differ by more than they may. */
function apart(found: Detection, expected: Detection): unknown[] {
  const sides = (['x', 'y', 'width', 'height'] as const).map((side) => [found.box[side], expected.box[side]] as const);
  const far = sides.filter(([one, other]) => !(Math.abs(one - other) <= PIXELS));
  return Math.abs(found.score - expected.score) <= SCORES ? far : [...far, [found.score, expected.score]];
}

/** The same objects, each by its nearest: where two scores are all but equal, their order is open. */
function expectSame(found: readonly Detection[], expected: readonly Detection[]): void {
  const open = [...expected];
  const strange = found.filter((one) => {
    const at = open.findIndex((other) => other.label === one.label && apart(one, other).length === 0);
    if (at >= 0) open.splice(at, 1);
    return at < 0;
  });
  expect({ strange, missing: open }).toEqual({ strange: [], missing: [] });
  expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).toSorted((a, b) => b - a));
}

describe.each(MODELS)('%s predicts like its framework', (model) => {
  const expected = expectedOf(model);

  it('and the console shows the picture that it sees', async () => {
    const { status, json } = await send(`${model}/picture`, 'chelsea.jpg', 'console/models');
    const { width, height, channels, levels } = json as {
      width: number;
      height: number;
      channels: number;
      levels: string;
    };
    const seen = Buffer.from(levels, 'base64');
    expect([status, seen.length]).toEqual([200, width * height * channels]);
    // A cat, neither black nor of one level, as a mask would be.
    expect(new Set(seen).size).toBeGreaterThan(100);
  });

  it.each(PICTURES)('for %s', async (name) => {
    const { status, json } = await send(`${model}/predict`, name);
    expect({ status, keys: Object.keys(json) }).toEqual({ status: 200, keys: ['detections', 'model'] });
    expectSame(json.detections[0], expected[name]!);
  });

  it('for several pictures, in their order', async () => {
    const form = new FormData();
    for (const name of PICTURES) form.append(name, new Blob([new Uint8Array(picture(name))]));
    const answer = await answerOf(
      await fetch(`${await served()}/models/${model}/predict`, { method: 'POST', body: form }),
    );
    expect(answer.json.detections).toHaveLength(PICTURES.length);
    for (const [at, name] of PICTURES.entries()) expectSame(answer.json.detections[at], expected[name]!);
  });

  it("in KServe's V1 and in MLflow's form, one object per picture", async () => {
    const instances = PICTURES.map((name) => ({ b64: picture(name).toString('base64') }));
    const { json } = await post(`${await served()}/v1/models/${model}:predict`, { instances });
    for (const [at, name] of PICTURES.entries()) {
      expect(Object.keys(json.predictions[at])).toEqual(['detections']);
      expectSame(json.predictions[at].detections, expected[name]!);
    }
  });
});

describe('thresholds', () => {
  it('of the query override those of the model', async () => {
    const all = (await send('yolov8/predict?threshold=0.05&overlap=1')).json.detections[0] as Detection[];
    const some = (await send('yolov8/predict?threshold=0.05')).json.detections[0] as Detection[];
    const at = some.findIndex(({ score }) => score < 0.2);
    const middle = (some[at - 1]!.score + some[at]!.score) / 2;
    const few = (await send(`yolov8/predict?threshold=${middle}`)).json.detections[0] as Detection[];
    expect(all.length).toBeGreaterThan(some.length);
    expect(some.length).toBeGreaterThan(few.length);
    expect(few).toEqual(some.filter(({ score }) => score > middle));
    expect(few).not.toEqual([]);
  });

  test.each(['threshold=1.1', 'threshold=', 'threshold=low', 'overlap=-1', 'threshold=.5&threshold=.6'])(
    '%s is refused',
    async (query) => {
      const { status, json } = await send(`yolov8/predict?${query}`);
      expect([status, json.code]).toEqual([422, 'UNSUPPORTED_PARAMETER']);
      expect(json.detail).toContain('takes a number from 0 to 1');
    },
  );

  it('are rejected by models that are not detectors', async () => {
    const { url } = await sharedServer({ MODELS: 'models/housing' });
    const { status, json } = await post(`${url}/predict?threshold=0.5`, {});
    expect([status, json.code]).toEqual([422, 'UNSUPPORTED_PARAMETER']);
  });
});

it('still answers raw tensors in V2', async () => {
  const data = new Array<number>(3 * 160 * 160).fill(0.5);
  const inputs = [{ name: 'images', datatype: 'FP32', shape: [1, 3, 160, 160], data }];
  const { json } = await post(`${await served()}/v2/models/yolov8/infer`, { inputs });
  expect(json.outputs[0]).toMatchObject({ name: 'output0', shape: [1, 7, 525] });
});

it('is described with what its file shows', async () => {
  const { json } = await get(`${await served()}/models/yolov8`);
  expect(json).toMatchObject({
    task: 'object-detection',
    outputs: [{ key: 'detections', as: 'detections', from: 'output0' }],
    labels: ['cat', 'cup', 'person'],
    image: { width: 160, height: 160, fit: 'contain', background: [114, 114, 114], antialias: false, scale: 1 / 255 },
    detection: { head: 'yolov8', scoreThreshold: 0.25, overlapThreshold: 0.7, maxDetections: 300 },
  });
});

it('is described with the sides of its pictures, if it takes any size', async () => {
  const { json } = await get(`${await served()}/models/yolov8-any-size`);
  expect(json.image).toMatchObject({ longerSide: 160, multipleOf: 32, fit: 'contain' });
  expect(Object.keys(json.image)).not.toContain('width');
});

it('rejects levels without a size, and continues', async () => {
  const path = `${await served()}/models/yolov8-any-size/predict`;
  const { status, json } = await post(path, [{ pixels: [1, 2, 3] }]);
  expect([status, json.code]).toEqual([422, 'INVALID_ROWS']);
  expect((await send('yolov8-any-size/predict')).status).toBe(200);
});

it('is described with what the folder of Optimum or transformers.js says', async () => {
  const { json } = await get(`${await served()}/models/detr`);
  expect(json).toMatchObject({
    task: 'object-detection',
    labels: ['cat', 'cup', 'person'],
    image: { shorterSide: 96, longerSide: 160, scaling: 'bilinear', scale: 1 / 255, mean: [0.485, 0.456, 0.406] },
    detection: { head: 'detr', coordinates: 'relative', scoreThreshold: 0.25 },
  });
});
