import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Engine } from '../engine.ts';
import { open, predict } from '../testing/engine.fixture.ts';
import { ModelsOnDisk, PLUS_ONE, PLUS_TWO, TRUNCATED } from '../../../models/src/testing/disk.fixture.ts';
import { DEADLY, ENDLESS } from '../testing/hostile-models.fixture.ts';

const processes = channel('child_process');

let disk: ModelsOnDisk;
let engine: Engine;
let started: number;
const count = (): void => void (started += 1);

beforeEach(async () => {
  disk = await ModelsOnDisk.create();
  await disk.put('m/1/model.onnx', PLUS_ONE);
  started = 0;
  processes.subscribe(count);
});
afterEach(async () => {
  processes.unsubscribe(count);
  await engine.close();
  await disk.remove();
});

const reasonOf = (name: string): string | undefined => engine.statusOf(name).versions[0]!.reason;

describe('a version that is loaded while others are served', () => {
  it('is tried in a process of its own, and loaded once that has gone well', async () => {
    engine = await open(disk.path, { trial: 'process' });
    expect(started).toBe(0);
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await engine.refresh();
    expect(started).toBe(1);
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 3, version: '2' });
  });

  it('fails where it ends that process, and nothing else', async () => {
    engine = await open(disk.path, { trial: 'process' });
    await disk.write('m/2/model.onnx', DEADLY);
    await disk.write('deadly/1/model.onnx', DEADLY);
    await engine.refresh();
    expect(reasonOf('m')).toMatch(/m\/2\/model\.onnx: it was tried in a process of its own, which it ended \(SIG\w+\)/);
    expect(reasonOf('deadly')).toContain('add rows that make sense to the model as "examples" to model.json');
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 2, version: '1' });
  });

  it('fails for the reason for which it could not be loaded here', async () => {
    engine = await open(disk.path, { trial: 'process' });
    await disk.put('m/2/model.onnx', TRUNCATED);
    await expect(engine.load('m')).rejects.toThrow(
      expect.objectContaining({
        code: 'UNLOADABLE_MODEL',
        message: expect.stringContaining('not a complete ONNX file'),
      }),
    );
    await disk.write('m/2/model.onnx', ENDLESS);
    await disk.manifest('m', { examples: [{ nobody: 1 }] });
    await expect(engine.load('m')).rejects.toThrow('examples[0] is not a row of this model');
  });

  it('is given up past the deadline; other models are loaded meanwhile', async () => {
    engine = await open(disk.path, { trial: 'process', loadTimeoutSeconds: 5 });
    await disk.write('endless/1/model.onnx', ENDLESS);
    const given = engine.refresh();
    await once(engine, 'loading');
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await engine.load('m');
    expect(engine.statusOf('endless').versions).toEqual([{ version: '1', state: 'loading' }]);
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 3, version: '2' });
    await given;
    expect(reasonOf('endless')).toContain('was not ready after 5 s (LOAD_TIMEOUT_SECONDS)');
  });

  it('does not hold the end up', async () => {
    engine = await open(disk.path, { trial: 'process', loadTimeoutSeconds: 3600 });
    await disk.write('endless/1/model.onnx', ENDLESS);
    const loading = engine.refresh();
    await new Promise<void>((resolve) => processes.subscribe(() => resolve()));
    await engine.close();
    await loading;
    expect(engine.sessions.count).toBe(0);
  });

  it('starts no process in an engine that was not asked to', async () => {
    engine = await open(disk.path);
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await engine.refresh();
    expect(engine.get('m').version).toBe('2');
    expect(started).toBe(0);
  });
});

describe('at the start', () => {
  it('only a version whose runs may take any time is tried before', async () => {
    await disk.write('endless/1/model.onnx', ENDLESS);
    engine = await open(disk.path, { trial: 'process', loadTimeoutSeconds: 3 });
    expect(started).toBe(1);
    expect(reasonOf('endless')).toContain('was not ready after 3 s');
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 2, version: '1' });
  });
});
