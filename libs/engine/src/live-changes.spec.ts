import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { once } from 'node:events';
import type { Engine } from './engine.ts';
import { open, predict } from './testing/engine.fixture.ts';
import { ModelsOnDisk, PLUS_ONE, PLUS_TWO, TRUNCATED } from '../../models/src/testing/disk.fixture.ts';
import { testModel } from '../../../test/models/test-models.ts';

let disk: ModelsOnDisk;
let engine: Engine;
let heard: string[];
/** The versions whose loading was begun. */
let loads: string[];

/** A engine of one model `m` of version 1, whose events are noted. */
beforeEach(async () => {
  disk = await ModelsOnDisk.create();
  await disk.put('m/1/model.onnx', PLUS_ONE);
  loads = [];
  engine = await open(disk.path, {
    observe: (name, version) => {
      loads.push(`${name} ${version}`);
      return { batchRun: () => undefined, jobWaited: () => undefined };
    },
  });
  heard = [];
  engine.on('loaded', ({ name, version }) => heard.push(`loaded ${name} ${version}`));
  engine.on('failed', ({ name, version }) => heard.push(`failed ${name} ${version}`));
  engine.on('unloaded', ({ name, version }) => heard.push(`unloaded ${name} ${version}`));
});
afterEach(async () => {
  await engine.close();
  await disk.remove();
  expect(engine.sessions.count).toBe(0);
});

const versions = (name = 'm'): string[] =>
  engine.statusOf(name).versions.map(({ version, state }) => `${version} ${state}`);

describe('refresh', () => {
  it('loads a new version beside the old one, swaps it in, and releases the old one after its last lease', async () => {
    const old = engine.get('m');
    old.lease();
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await engine.refresh();
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 3, version: '2' });
    expect(versions()).toEqual(['2 ready', '1 unloading']);
    expect(engine.sessions.count).toBe(2);
    const released = once(engine, 'unloaded');
    old.release();
    await released;
    expect(versions()).toEqual(['2 ready']);
    expect(engine.sessions.count).toBe(1);
    expect(heard).toEqual(['loaded m 2', 'unloaded m 1']);
  });

  it('leaves alone what did not change', async () => {
    const before = engine.get('m');
    await engine.refresh();
    expect(engine.get('m')).toBe(before);
    expect(heard).toEqual([]);
  });

  it('loads a version anew whose file or manifest changed', async () => {
    await disk.put('m/1/model.onnx', PLUS_TWO);
    await engine.refresh();
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 3, version: '1' });
    await disk.manifest('m', { title: 'Two more' });
    await engine.refresh();
    expect(engine.statusOf('m').title).toBe('Two more');
    expect(heard.filter((event) => event.startsWith('loaded'))).toEqual(['loaded m 1', 'loaded m 1']);
  });

  it('follows the policy as it changes', async () => {
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await disk.manifest('m', { versions: 'all' });
    await engine.refresh();
    expect(versions()).toEqual(['2 ready', '1 ready']);
    await disk.manifest('m', { versions: [1] });
    await engine.refresh();
    expect(engine.get('m').version).toBe('1');
    expect(() => engine.get('m', '2')).toThrow();
  });

  it('serves new models, and no more those that are gone', async () => {
    await disk.put('n.onnx', PLUS_TWO);
    await engine.refresh();
    expect(await predict(engine, 'n', 1)).toEqual({ answer: 3, version: '1' });
    await disk.delete('n.onnx');
    await engine.refresh();
    expect(() => engine.get('n')).toThrow(expect.objectContaining({ code: 'UNKNOWN_MODEL' }));
  });

  it('changes nothing where the whole path is gone or empty', async () => {
    await disk.delete('m');
    await expect(engine.refresh()).rejects.toThrow(/There is no model in/);
    await disk.remove();
    await expect(engine.refresh()).rejects.toThrow(/There is nothing at/);
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 2, version: '1' });
  });
});

describe('a version that cannot be loaded', () => {
  it('changes nothing that is served, is reported once, and is tried again only when its files change', async () => {
    await disk.put('m/2/model.onnx', TRUNCATED);
    await engine.refresh();
    await engine.refresh();
    expect(heard).toEqual(['failed m 2']);
    expect(versions()).toEqual(['2 failed', '1 ready']);
    expect(engine.statusOf('m').versions[0]!.reason).toContain('m/2/model.onnx');
    expect(engine.get('m').version).toBe('1');
    expect(() => engine.get('m', '2')).toThrow(expect.objectContaining({ code: 'MODEL_NOT_READY' }));
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await engine.refresh();
    expect(versions()[0]).toBe('2 ready');
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 3, version: '2' });
  });

  it('is forgotten when it is taken away', async () => {
    await disk.put('m/2/model.onnx', TRUNCATED);
    await engine.refresh();
    await disk.delete('m/2');
    await engine.refresh();
    expect(versions()).toEqual(['1 ready']);
  });

  it('keeps the version of the same number that is served', async () => {
    await disk.put('m/1/model.onnx', TRUNCATED);
    await engine.refresh();
    expect(engine.statusOf('m').versions).toEqual([
      { version: '1', state: 'ready', reason: expect.stringContaining('m/1/model.onnx') },
    ]);
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 2, version: '1' });
  });

  it('is as good as a manifest that cannot be read', async () => {
    await disk.write('m/model.json', '{');
    await engine.refresh();
    await engine.refresh();
    expect(heard).toEqual(['failed m ']);
    expect(engine.statusOf('m').reason).toMatch(/m\/model.json is not valid JSON/);
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 2, version: '1' });
    await disk.delete('m/model.json');
    await engine.refresh();
    expect(engine.statusOf('m').reason).toBeUndefined();
  });

  it('leaves no session open', async () => {
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await disk.manifest('m', { features: [{ name: 'a', input: 'nothing' }] });
    await engine.refresh();
    expect(versions()).toEqual(['2 failed', '1 ready']);
    expect(engine.sessions.count).toBe(1);
  });
});

describe('a change of several versions', () => {
  /** Version 1 of PLUS_ONE and version 2 of PLUS_TWO are served. */
  beforeEach(async () => {
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await disk.manifest('m', { versions: 'all' });
    const replaced = once(engine, 'unloaded');
    await engine.refresh();
    await replaced;
    heard.length = 0;
  });

  const served = (): readonly object[] => ['2', '1'].map((version) => engine.get('m', version));

  /** What is on disk now: another version 1, which loads, and a version 2 that does not. */
  const breakTheSecond = async (): Promise<void> => {
    await disk.put('m/1/model.onnx', PLUS_TWO);
    await disk.put('m/2/model.onnx', TRUNCATED);
  };

  it.each([
    ['asked for', () => engine.load('m')],
    ['found on disk', () => engine.refresh()],
  ])('changes nothing where one of them cannot be loaded: %s', async (_, change) => {
    const before = served();
    await breakTheSecond();
    await change().catch(() => undefined);
    for (const [at, version] of served().entries()) expect(version).toBe(before[at]);
    expect(versions()).toEqual(['2 ready', '1 ready']);
    expect(engine.statusOf('m').versions[0]!.reason).toContain('m/2/model.onnx');
    expect(heard).toEqual(['failed m 2']);
    expect(engine.sessions.count).toBe(2);
  });

  it('is taken up whole once all of them can be loaded', async () => {
    await breakTheSecond();
    await engine.refresh();
    await disk.put('m/2/model.onnx', PLUS_ONE);
    await engine.refresh();
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 2, version: '2' });
    expect(heard.slice(0, 3)).toEqual(['failed m 2', 'loaded m 2', 'loaded m 1']);
  });

  it('keeps a version that is gone from disk, or that the policy leaves out, while another one cannot be loaded', async () => {
    await disk.put('m/3/model.onnx', TRUNCATED);
    await disk.delete('m/1');
    await disk.manifest('m', { versions: { latest: 1 } });
    await engine.refresh();
    expect(versions()).toEqual(['3 failed', '2 ready', '1 ready']);
  });

  it('is not tried again and again while what failed stays as it is', async () => {
    await breakTheSecond();
    await engine.refresh();
    loads.length = 0;
    await engine.refresh();
    expect(loads).toEqual([]);
  });

  it('serves what there is of a model of which nothing is served yet, but not where the model was asked for', async () => {
    for (const version of ['1', '2']) await disk.put(`n/${version}/model.onnx`, version === '1' ? PLUS_ONE : TRUNCATED);
    await disk.manifest('n', { versions: 'all' });
    await expect(engine.load('n')).rejects.toThrow(/n\/2\/model.onnx/);
    expect(versions('n')).toEqual(['2 failed']);
    expect(engine.sessions.count).toBe(2);
    await engine.refresh();
    expect(versions('n')).toEqual(['2 failed', '1 ready']);
  });

  it('leaves a model unloaded that was to be loaded again and could not be', async () => {
    await engine.unload('m');
    await breakTheSecond();
    await expect(engine.load('m')).rejects.toThrow(/m\/2\/model.onnx/);
    await engine.refresh();
    expect(engine.statusOf('m').served).toEqual([]);
    expect(() => engine.get('m')).toThrow(/^m could not be loaded: m\/2\/model\.onnx: /);
  });
});

describe('load and unload', () => {
  it('unloads at once for new requests, stays unloaded, and loads again when told to', async () => {
    const model = engine.get('m');
    model.lease();
    await engine.unload('m');
    expect(() => engine.get('m')).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_MODEL',
        message: 'm was unloaded, and is not served until it is loaded again.',
      }),
    );
    expect(engine.ready).toBe(false);
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await engine.refresh();
    expect(versions()).toEqual(['1 unloading']);
    model.release();
    await engine.load('m');
    expect(engine.get('m').version).toBe('2');
    expect(engine.ready).toBe(true);
  });

  it('loads anew what did not change, and what failed', async () => {
    const before = engine.get('m');
    await engine.load('m');
    expect(engine.get('m')).not.toBe(before);
    await disk.put('m/1/model.onnx', TRUNCATED);
    await expect(engine.load('m')).rejects.toThrow(/m\/1\/model.onnx/);
    await expect(engine.load('m')).rejects.toThrow(/m\/1\/model.onnx/);
    expect(heard.filter((event) => event.startsWith('failed'))).toHaveLength(2);
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 2, version: '1' });
  });

  it('finds a model that was put there since, and refuses one that was not', async () => {
    await disk.put('n/1/model.onnx', PLUS_TWO);
    await engine.load('n');
    expect(await predict(engine, 'n', 1)).toEqual({ answer: 3, version: '1' });
    await expect(engine.load('o')).rejects.toMatchObject({ code: 'UNKNOWN_MODEL' });
    await expect(engine.unload('o')).rejects.toMatchObject({ code: 'UNKNOWN_MODEL' });
  });

  it('makes changes that are asked for at the same time one after the other', async () => {
    await Promise.all([engine.load('m'), engine.unload('m')]);
    expect(() => engine.get('m')).toThrow(expect.objectContaining({ code: 'UNKNOWN_MODEL' }));
    await Promise.all([engine.load('m'), engine.load('m'), engine.refresh()]);
    expect(heard.filter((event) => event.startsWith('loaded'))).toHaveLength(3);
    expect(engine.sessions.count).toBe(1);
  });

  it('tries a model that it has not met off the event loop, and leaves it there where it is slow', async () => {
    await engine.close();
    engine = await open(disk.path, { execution: 'auto', workers: 1 });
    await disk.put('slow/1/model.onnx', testModel('slow'));
    await disk.manifest('slow', { features: [{ name: 'milliseconds', example: 20 }] });
    await disk.put('quick/1/model.onnx', PLUS_TWO);
    await engine.refresh();
    expect(engine.get('slow').execution).toMatchObject({ where: 'pool', workers: 1 });
    // On a busy machine a quick one may seem slow.
    const { execution, timings } = engine.get('quick');
    expect(execution.where === 'inline' || timings.msPerRow['1']! > 0.3).toBe(true);
    expect(engine.sessions.count).toBe(3);
  });
});

describe('while requests are under way', () => {
  it('answers each from exactly one version, and fails none', async () => {
    let reloading = true;
    const answers: { answer: unknown; version: string }[] = [];
    const client = async (x: number): Promise<void> => {
      while (reloading) {
        const result = await predict(engine, 'm', x);
        answers.push(result);
        expect(result.answer).toBe(x + Number(result.version));
        await new Promise(setImmediate);
      }
    };
    const clients = Promise.all([1, 2, 3, 4, 5].map(client));
    for (let round = 0; round < 10; round += 1) {
      if (round % 2 === 0) await disk.put('m/2/model.onnx', PLUS_TWO);
      else await disk.delete('m/2');
      await engine.refresh();
    }
    reloading = false;
    await clients;
    expect(new Set(answers.map(({ version }) => version))).toEqual(new Set(['1', '2']));
    expect(engine.sessions.count).toBe(1);
  });

  it('comes to serve what is on disk, whatever was asked for at the same time', async () => {
    const change = fc.constantFrom('refresh', 'load', 'unload', 'put', 'delete');
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 8 }), async (changes) => {
        const pending = changes.map(async (kind) => {
          if (kind === 'put') return disk.put('m/2/model.onnx', PLUS_TWO);
          if (kind === 'delete') return disk.delete('m/2').catch(() => undefined);
          return kind === 'refresh' ? engine.refresh() : engine[kind]('m');
        });
        await Promise.allSettled(pending);
        await disk.put('m/2/model.onnx', PLUS_TWO);
        await engine.load('m');
        expect(await predict(engine, 'm', 1)).toEqual({ answer: 3, version: '2' });
        expect(engine.sessions.count).toBe(1);
      }),
      { numRuns: 15 },
    );
  });

  it('closes once, after what is being changed, and changes nothing afterwards', async () => {
    await disk.put('m/2/model.onnx', PLUS_TWO);
    const refreshing = engine.refresh();
    await Promise.all([engine.close(), engine.close(), refreshing.catch(() => undefined)]);
    expect(engine.sessions.count).toBe(0);
    expect(engine.ready).toBe(false);
    await expect(engine.load('m')).rejects.toThrow(/being closed/);
  });
});
