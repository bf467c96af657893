import { channel } from 'node:diagnostics_channel';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSettings } from '#config';
import { openModel, openModels } from '#engine';
import { defineModel } from '#predictor';
import { DEFAULT_VERSION_OPTIONS } from '../loading/version-options.ts';
import { ModelsOnDisk, PLUS_ONE, PLUS_TWO, TRUNCATED } from '../../../models/src/testing/disk.fixture.ts';

interface Closable {
  close(): Promise<void>;
}

let disk: ModelsOnDisk;
const opened: Closable[] = [];
const kept = async <One extends Closable>(opening: Promise<One>): Promise<One> => {
  const one = await opening;
  opened.push(one);
  return one;
};

beforeEach(async () => {
  disk = await ModelsOnDisk.create();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await disk.remove();
});

const collected = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
};

describe('a model opened from its file', () => {
  it('answers a row with one prediction, and rows with one each, in their order', async () => {
    const housing = await kept(openModel<Record<string, number>>('models/housing'));
    const { records, prediction } = JSON.parse(await readFile('models/housing/training/golden.json', 'utf8'));
    const some = records.slice(0, 20);
    expect(await housing.predict(some)).toEqual(
      prediction.slice(0, 20).map((value: number) => expect.objectContaining({ prediction: expect.closeTo(value, 4) })),
    );
    expect(await housing.predict(some[0])).toEqual({ prediction: expect.closeTo(prediction[0], 4) });
    expect(await housing.describe()).toMatchObject({ name: 'housing', task: 'regression' });
    expect(await housing.isReady()).toBe(true);
  });

  it('has probabilities beside labels, and warns of the row that is unusual', async () => {
    const wine = await kept(openModel<Record<string, number>>('models/wine'));
    const { records } = JSON.parse(await readFile('models/wine/training/golden.json', 'utf8'));
    const [usual, unusual] = await wine.predict([records[0], { ...records[0], alcohol: 99 }]);
    expect(usual).toEqual({ prediction: expect.anything(), probabilities: expect.any(Object) });
    expect(unusual!.warnings).toEqual([{ field: 'alcohol', detail: expect.stringMatching(/^alcohol is 99, outside/) }]);
  });

  it('answers the outputs wanted alone, beside warnings, and names those that there are', async () => {
    const wine = await kept(openModel<Record<string, number>>('models/wine'));
    const { records } = JSON.parse(await readFile('models/wine/training/golden.json', 'utf8'));
    const row: Record<string, number> = { ...records[0], alcohol: 99 };
    const { prediction, probabilities, warnings } = await wine.predict(row);
    expect(await wine.predict(row, { outputs: ['prediction'] })).toEqual({ prediction, warnings });
    expect(await wine.predict([row], { outputs: ['probabilities'] })).toEqual([{ probabilities, warnings }]);
    expect(await collected(wine.predictMany([row], { outputs: ['prediction'] }))).toEqual([{ prediction, warnings }]);
    await expect(wine.predict(row, { outputs: ['prediction', 'score'] as never[] })).rejects.toMatchObject({
      code: 'UNSUPPORTED_PARAMETER',
      message: 'The model does not answer "score"; it answers "prediction", "probabilities". Name these in outputs.',
    });
  });

  it('refuses a bad row with the code of the catalogue, and names row and field', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    const model = await kept(openModel(`${disk.path}/m`));
    await expect(model.predict([{ x: 1 }, { x: 'one' }])).rejects.toMatchObject({
      code: 'INVALID_ROWS',
      errors: [{ row: 1, field: 'x' }],
    });
    await expect(model.predict([])).rejects.toMatchObject({ code: 'NO_ROWS' });
    await expect(model.predict(null)).rejects.toMatchObject({ code: 'INVALID_ROWS' });
    await expect(model.predict({ x: 1 }, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('runs tensors', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    const model = await kept(openModel(`${disk.path}/m`));
    const x = { datatype: 'FP32', shape: [2, 1], data: new Float32Array([1, 2]) } as const;
    expect(Object.values(await model.run({ x }))).toEqual([{ ...x, data: new Float32Array([2, 3]) }]);
  });

  it('gives each row its own answer where the output has no rows', async () => {
    const model = await kept(openModel<Record<string, unknown>>('test/models/constant-shape'));
    const row = { x: [1, 2, 3, 4] };
    const alone = await model.predict(row);
    expect(await model.predict([row, row])).toEqual([alone, alone]);
  });

  it('is the only one there', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    await disk.put('n/1/model.onnx', PLUS_ONE);
    await expect(openModel(disk.path)).rejects.toThrow(
      'holds several models (m, n). Open the folder or file of one of them.',
    );
  });
});

describe('rows that come over time', () => {
  it('are predicted in their order, however many, and no more are read than are held', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    const model = await kept(openModel<{ x: number }>(`${disk.path}/m`));
    let read = 0;
    async function* source(): AsyncGenerator<{ x: number }> {
      for (; read < 2000; read += 1) yield { x: read };
    }
    const answers = model.predictMany(source())[Symbol.asyncIterator]();
    expect((await answers.next()).value).toEqual({ prediction: 1 });
    expect(read).toBeLessThan(1000);
    const rest = await collected({ [Symbol.asyncIterator]: () => answers });
    expect(rest.map(({ prediction }) => prediction)).toEqual(Array.from({ length: 1999 }, (_, at) => at + 2));
  });

  it('are answered while the source still has none to follow', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    const model = await kept(openModel(`${disk.path}/m`));
    let closed = false;
    async function* source(): AsyncGenerator<{ x: number }> {
      try {
        yield { x: 1 };
        await new Promise(() => undefined);
      } finally {
        closed = true;
      }
    }
    for await (const answer of model.predictMany(source())) {
      expect(answer).toEqual({ prediction: 2 });
      break;
    }
    async function* idle(): AsyncGenerator<{ x: number }> {
      try {
        for (;;) yield { x: 1 };
      } finally {
        closed = true;
      }
    }
    for await (const _ of model.predictMany(idle())) break;
    expect(closed).toBe(true);
  });

  it('end with the first that is bad, named by its place in all', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    const model = await kept(openModel(`${disk.path}/m`));
    const rows = Array.from({ length: 1000 }, (_, x) => ({ x: x === 700 ? 'bad' : x }));
    await expect(collected(model.predictMany(rows))).rejects.toMatchObject({
      code: 'INVALID_ROWS',
      message: expect.stringMatching(/^row 700: x/),
      errors: [expect.objectContaining({ row: 700, field: 'x' })],
    });
  });

  it('wait where the model has no room', async () => {
    const slow = await kept(openModel('test/models/slow', { execution: 'pool', workers: 1, maxQueueMs: 0 }));
    const others = Array.from({ length: 3 }, () => slow.predict({ milliseconds: 100 }).catch(() => undefined));
    expect(await collected(slow.predictMany([{ milliseconds: 1 }, { milliseconds: 1 }]))).toHaveLength(2);
    await Promise.all(others);
  });
});

describe('models opened from a folder', () => {
  it('are predicted by name, and tell what happens to them, without a process of their own', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    await disk.put('n/1/model.onnx', TRUNCATED);
    const told: unknown[] = [];
    const answered: unknown[] = [];
    const processes = channel('child_process');
    const count = (): void => void told.push('a process');
    processes.subscribe(count);
    const models = await kept(
      openModels(disk.path, {
        answered: (call) => answered.push(call),
        listen: (opening) => opening.on('loading', ({ name }) => told.push(`loading ${name}`)),
      }),
    );
    models.on('loaded', ({ version }) => told.push(version)).on('failed', ({ name }) => told.push(name));
    expect(models.names).toEqual(['m', 'n']);
    const model = models.predictor('m');
    expect(await model.predict({ x: 1 })).toEqual({ prediction: 2 });
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await models.refresh();
    expect(await model.predict([{ x: 1 }])).toEqual([{ prediction: 3 }]);
    await expect(model.predict({ x: 'one' })).rejects.toMatchObject({ code: 'INVALID_ROWS' });
    processes.unsubscribe(count);
    expect(told).toEqual(['loading m', 'loading n', 'loading m', '2']);
    expect(answered).toMatchObject([
      { name: 'm', version: '1', outcome: 'ok', rows: 1 },
      { version: '2', outcome: 'ok' },
      { version: '2', outcome: 'INVALID_ROWS', rows: 0 },
    ]);
    expect(() => models.predictor('n')).toThrow('The model n cannot be served: ');
    expect(() => models.predictor('o')).toThrow(expect.objectContaining({ code: 'UNKNOWN_MODEL' }));
  });
});

describe('the type of a model', () => {
  const typed = (type: 'number' | 'string') =>
    defineModel<{ x: number }>({
      name: 'm',
      features: [{ name: 'x', type, input: 'x', shape: [] }],
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }],
      hasRows: true,
    });

  it('is that of the model that is open, or there is no predictor', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    const models = await kept(openModels(disk.path));
    expect(await models.predictor(typed('number')).predict({ x: 1 })).toEqual({ prediction: 2 });
    expect(() => models.predictor(typed('string'))).toThrow(
      'The model m takes x (number); its type is for one that takes x (string). Run nestor types again.',
    );
  });
});

it.each([
  [{ maxrows: 1 }, 'There is no option maxrows; there are "execution", "maxRows", '],
  [{ maxRows: 0 }, 'maxRows is 0; it takes a whole number of at least 1.'],
  [{ maxQueueMs: '5' }, 'maxQueueMs is 5; it takes a whole number of at least 0.'],
  [{ execution: 'gpu' }, 'execution is gpu; it takes auto, inline or pool.'],
])('refuses %j', async (options, message) => {
  await expect(openModel('models/housing', options as never)).rejects.toThrow(message);
});

it('opens models with the defaults of the settings', async () => {
  const model = await kept(openModel('models/housing', { workers: undefined }));
  expect(await model.isReady()).toBe(true);
  const settings = readSettings({});
  for (const [name, value] of Object.entries(DEFAULT_VERSION_OPTIONS))
    expect([name, settings[name as keyof typeof settings]]).toEqual([name, value]);
});
