import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OnnxSessions } from '#onnx';
import type { Engine } from './engine.ts';
import { open as openModels, predict } from './testing/engine.fixture.ts';
import { ModelsOnDisk, PLUS_ONE, PLUS_TWO, TRUNCATED } from '../../models/src/testing/disk.fixture.ts';
import { testModel, writeLargeModel } from '../../../test/models/test-models.ts';

const MODELS = join(import.meta.dirname, '../../../models');

let disk: ModelsOnDisk;
let engine: Engine | undefined;
let sessions: OnnxSessions;

const open = (path: string, options: Parameters<typeof openModels>[1] = {}, listen?: (engine: Engine) => void) =>
  openModels(path, { ...options, sessions }, listen);

beforeEach(async () => {
  sessions = new OnnxSessions();
  disk = await ModelsOnDisk.create();
});
afterEach(async () => {
  await engine?.close();
  engine = undefined;
  await disk.remove();
  expect(sessions.count).toBe(0);
});

describe('the shipped models', () => {
  it('are served; housing is the default, batched and inline, and answers as scikit-learn does', async () => {
    engine = await open(MODELS, { execution: 'auto' });
    expect(engine.defaultModel).toBe('housing');
    expect(engine.ready).toBe(true);
    const model = engine.get('housing');
    expect(model).toMatchObject({
      name: 'housing',
      version: '1',
      rows: { kind: 'independent', by: 'graph' },
      execution: { where: 'inline', workers: 0 },
    });
    const golden = JSON.parse(await readFile(join(MODELS, 'housing/training/golden.json'), 'utf8'));
    const { inputs, count } = model.reader.read(golden.records);
    const { outputs } = await model.scheduler.submit({ inputs, rows: count, deadline: Infinity });
    const { prediction } = model.writer.values(outputs, { count });
    golden.prediction.forEach((price: number, row: number) => expect(prediction[row]).toBeCloseTo(price, 3));
  });

  it('are described by their manifests', async () => {
    engine = await open(MODELS);
    expect(engine.statusOf('wine')).toMatchObject({
      task: 'classification',
      versions: [{ version: '1', state: 'ready' }],
    });
    expect(engine.status().map((model) => model.name)).toEqual([...engine.status().map((model) => model.name)].sort());
  });
});

describe('the default model', () => {
  it('is the one that was set, else the only one, else housing, else none', async () => {
    await disk.put('a/1/model.onnx', PLUS_ONE);
    const defaults: (string | undefined)[] = [];
    const note = async (defaultModel?: string): Promise<void> => {
      const opened = await open(disk.path, { defaultModel });
      defaults.push(opened.defaultModel);
      expect(opened.ready).toBe(true);
      await opened.close();
    };
    await note();
    await disk.put('b/1/model.onnx', PLUS_ONE);
    await note();
    await disk.put('housing/1/model.onnx', PLUS_ONE);
    await note();
    await note('b');
    expect(defaults).toEqual(['a', undefined, 'housing', 'b']);
  });

  it('must be there where it is set', async () => {
    await disk.put('a/1/model.onnx', PLUS_ONE);
    await expect(open(disk.path, { defaultModel: 'b' })).rejects.toThrow(
      /DEFAULT_MODEL is "b", but .* has no such model; it has a\./,
    );
  });

  it('stays what it is when a model is added, and is found anew when its model is gone', async () => {
    await disk.put('a/1/model.onnx', PLUS_ONE);
    engine = await open(disk.path);
    await disk.put('housing/1/model.onnx', PLUS_ONE);
    await engine.refresh();
    expect(engine.defaultModel).toBe('a');
    await disk.delete('a');
    await engine.refresh();
    expect(engine.defaultModel).toBe('housing');
  });
});

describe('a start', () => {
  it.each([
    ['a corrupt model', 'm/1/model.onnx', TRUNCATED, /The model m cannot be served: .*m\/1\/model.onnx/],
    ['a version folder without a model', 'm/1/notes.txt', join(MODELS, 'housing/README.md'), /m\/1 has no model/],
  ])('stops on %s', async (_, place, file, message) => {
    await disk.put(place, file);
    await expect(open(disk.path)).rejects.toThrow(message);
  });

  it('stops where the default model has a bad manifest, naming file and key', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    await disk.write('m/model.json', '{"versoins": "all"}');
    await expect(open(disk.path)).rejects.toThrow(
      /m\/model.json: the manifest has the key "versoins", which is none of/,
    );
  });

  it('stops where the manifest does not fit the model', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    await disk.manifest('m', { features: [{ name: 'a', input: 'nothing' }] });
    await expect(open(disk.path)).rejects.toThrow(
      /m\/model.json: Feature a feeds the input nothing, which the model does not have: it has x/,
    );
    await disk.manifest('m', { examples: [{ x: 1 }, { x: 'one' }] });
    await expect(open(disk.path)).rejects.toThrow(
      /m\/model.json: examples\[1\] is not a row of this model, whose fields are x: row 0: x is the string "one"/,
    );
    await disk.manifest('m', { versions: [1, 7] });
    await expect(open(disk.path)).rejects.toThrow(
      /m\/model.json lists version 7, which is not on disk. The versions on disk are 1\./,
    );
  });

  it('stops where no model can be served, naming all', async () => {
    await disk.put('a/1/model.onnx', TRUNCATED);
    await disk.put('b/1/model.onnx', TRUNCATED);
    await expect(open(disk.path)).rejects.toThrow(/The model a cannot be served: .*\nThe model b cannot be served: /);
  });

  describe('with a newest version that is broken', () => {
    beforeEach(async () => {
      await disk.put('m/1/model.onnx', PLUS_ONE);
      await disk.put('m/2/model.onnx', PLUS_TWO);
      await disk.put('m/3/model.onnx', TRUNCATED);
      await disk.put('m/4/model.onnx', TRUNCATED);
    });

    it('stops by default', async () => {
      await expect(open(disk.path)).rejects.toThrow(/m\/4\/model.onnx/);
    });

    it('serves the newest one that loads where it falls back, and the broken one once it is mended', async () => {
      engine = await open(disk.path, { fallsBack: true });
      const states = () => engine!.statusOf('m').versions.map(({ version, state }) => `${version} ${state}`);
      expect(states()).toEqual(['4 failed', '3 failed', '2 ready']);
      expect((await predict(engine, 'm', 5)).version).toBe('2');
      await engine.refresh();
      expect((await predict(engine, 'm', 5)).version).toBe('2');
      await disk.put('m/4/model.onnx', PLUS_ONE);
      await engine.refresh();
      expect(states()[0]).toBe('4 ready');
      expect((await predict(engine, 'm', 5)).version).toBe('4');
    });

    it('tries none again before files change where none loads', async () => {
      for (const version of [1, 2]) await disk.put(`m/${version}/model.onnx`, TRUNCATED);
      await disk.put('good/1/model.onnx', PLUS_ONE);
      engine = await open(disk.path, { fallsBack: true, defaultModel: 'good' });
      const tried: string[] = [];
      engine.on('loading', ({ name, version }) => tried.push(`${name} ${version}`));
      await engine.refresh();
      await engine.refresh();
      expect(tried).toEqual([]);
    });

    it('stops where the manifest lists the versions, or none loads', async () => {
      await disk.manifest('m', { versions: [4] });
      await expect(open(disk.path, { fallsBack: true })).rejects.toThrow(/m\/4\/model.onnx/);
    });
  });

  it('goes on without a broken model that is not the default, and says why it is not served', async () => {
    await disk.put('good/1/model.onnx', PLUS_ONE);
    await disk.put('bad/1/model.onnx', TRUNCATED);
    const heard: unknown[] = [];
    engine = await open(disk.path, { defaultModel: 'good' }, (opening) => {
      opening.on('loaded', ({ name, version }) => heard.push(['loaded', name, version]));
      opening.on('failed', ({ name, version }) => heard.push(['failed', name, version]));
    });
    expect(heard).toEqual([
      ['failed', 'bad', '1'],
      ['loaded', 'good', '1'],
    ]);
    expect(engine.ready).toBe(true);
    expect(engine.statusOf('bad').versions).toEqual([
      { version: '1', state: 'failed', reason: expect.stringContaining('bad/1/model.onnx') },
    ]);
    expect(() => engine!.get('bad')).toThrow(
      expect.objectContaining({ code: 'MODEL_NOT_READY', retryAfterSeconds: expect.any(Number) }),
    );
  });
});

describe('get', () => {
  it('gives the highest version by default, each served one by number, and says what there is', async () => {
    engine = await open(testModel('two-versions').replace('/1/model.onnx', ''));
    expect(engine.get('two-versions').version).toBe('2');
    expect(engine.get('two-versions', '1').version).toBe('1');
    const refused = (name: string, version?: string): unknown => {
      try {
        return engine!.get(name, version);
      } catch (error) {
        return [(error as { code: string }).code, (error as Error).message];
      }
    };
    expect(refused('two-versions', '3')).toEqual([
      'UNKNOWN_VERSION',
      'two-versions has no version "3"; it serves 2, 1.',
    ]);
    expect(refused('two-versions', '01')).toEqual([
      'UNKNOWN_VERSION',
      'two-versions has no version "01"; it serves 2, 1.',
    ]);
    expect(refused('other')).toEqual(['UNKNOWN_MODEL', 'There is no model "other"; there are: two-versions.']);
    expect(refused('x'.repeat(500))).toEqual(['UNKNOWN_MODEL', expect.stringMatching(/^.{0,200}$/)]);
  });
});

describe('a version', () => {
  const load = async (name: string, options = {}): Promise<ReturnType<Engine['get']>> => {
    engine = await open(testModel(name).replace('/1/model.onnx', ''), { execution: 'auto', ...options });
    return engine.get(name);
  };

  it('whose rows influence each other is served row by row, though its manifest has a single example', async () => {
    const model = await load('row-mixing');
    expect(model.batching.maxBatchRows).toBe(1);
    expect(model.rows).toMatchObject({
      kind: 'one-by-one',
      by: 'graph',
      reason: expect.stringContaining('dimension 0'),
    });
  });

  it('is tried on rows that differ, however few and alike its examples are', async () => {
    await disk.put('m/1/model.onnx', testModel('row-mixing'));
    const example = { x: [6.5, 296] };
    for (const examples of [[], [example], Array.from({ length: 10 }, () => example)]) {
      await disk.manifest('m', { examples });
      const opened = await open(disk.path);
      expect(opened.get('m').rows.kind).toBe('one-by-one');
      await opened.close();
    }
  });

  it('without rows is served request by request', async () => {
    expect((await load('fixed-batch')).rows).toMatchObject({
      kind: 'none',
      by: 'signature',
      reason: expect.stringContaining('[4, 3]'),
    });
  });

  it('of a bare .onnx file is served by its own signature', async () => {
    engine = await open(testModel('several'));
    const model = engine.get('model');
    expect(model.features.map((feature) => feature.name)).toEqual(['sides', 'count']);
    expect(model.version).toBe('1');
  });

  it('that is slow goes to the pool, as far as its manifest does not say otherwise', async () => {
    const model = await load('slow', { workers: 1 });
    expect(model.execution).toMatchObject({
      where: 'pool',
      workers: 1,
      reason: expect.stringContaining('too long for the event loop'),
    });
    expect(model.rows).toMatchObject({
      kind: 'one-by-one',
      by: 'manifest',
      reason: '"batching": {"enabled": false} in model.json lets no rows share a run.',
    });
  });

  it('follows its manifest before the settings', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    await disk.manifest('m', {
      execution: { where: 'pool', workers: 2, intraOpThreads: 1 },
      batching: { maxRows: 5, maxWaitMs: 3 },
      limits: { maxRows: 2 },
    });
    engine = await open(disk.path, { execution: 'inline', maxBatchRows: 64, maxRows: 100 });
    const model = engine.get('m');
    expect(model.execution).toMatchObject({ where: 'pool', workers: 2 });
    expect(model.batching).toMatchObject({ maxBatchRows: 5, maxBatchWaitMs: 3 });
    expect(() => model.reader.read([{ x: 1 }, { x: 2 }, { x: 3 }])).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_ROWS' }),
    );
  });

  it('with its weights in another file is served', async () => {
    await writeLargeModel(disk.path);
    engine = await open(disk.path);
    expect(engine.get('large').rows.kind).toBe('independent');
  });

  it('waits, when it is closed, for its last lease', async () => {
    await disk.put('m/1/model.onnx', PLUS_TWO);
    engine = await open(disk.path);
    const model = engine.get('m');
    model.lease();
    model.lease();
    const closing = model.close();
    expect(() => model.lease()).toThrow(expect.objectContaining({ code: 'MODEL_NOT_READY' }));
    const job = { ...model.reader.read([{ x: 1 }]), rows: 1, deadline: Infinity };
    model.release();
    expect(sessions.count).toBe(1);
    await expect(model.scheduler.submit(job)).resolves.toBeDefined();
    model.release();
    await closing;
    expect(sessions.count).toBe(0);
    expect(() => model.release()).toThrow(/released more often/);
    await model.close();
  });

  it('is measured', async () => {
    await disk.put('m/1/model.onnx', PLUS_TWO);
    engine = await open(disk.path);
    const { timings } = engine.get('m');
    expect(Object.keys(timings.msPerRow)).toEqual(['1', '8', '64']);
    expect(timings.warmupMs).toBeLessThanOrEqual(timings.loadMs);
    expect(await predict(engine, 'm', 3)).toEqual({ answer: 5, version: '1' });
  });
});
