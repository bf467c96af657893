import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readFile, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from './engine.ts';
import { RepositoryWatcher } from './repository-watcher.ts';
import { open, predict } from './testing/engine.fixture.ts';
import { ModelsOnDisk, PLUS_ONE, PLUS_TWO } from '../../models/src/testing/disk.fixture.ts';

let disk: ModelsOnDisk;
let engine: Engine;
let watcher: RepositoryWatcher;
let errors: string[];

const watch = async (path: string): Promise<void> => {
  engine = await open(path);
  errors = [];
  watcher = new RepositoryWatcher(engine, {
    intervalSeconds: 0.01,
    onError: (error) => errors.push(error.message),
  });
};

beforeEach(async () => {
  disk = await ModelsOnDisk.create();
});
afterEach(async () => {
  watcher.stop();
  await engine.close();
  await disk.remove();
});

describe('RepositoryWatcher', () => {
  it('serves a new version once it looks the same twice', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    await watch(disk.path);
    await watcher.look();
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await watcher.look();
    expect(engine.get('m').version).toBe('1');
    await watcher.look();
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 3, version: '2' });
  });

  it('does not read a file that is still being copied', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    await watch(disk.path);
    const failed: string[] = [];
    engine.on('failed', ({ reason }) => failed.push(reason));
    const whole = await readFile(PLUS_TWO, 'latin1');
    for (let length = 10; length < whole.length; length += 40) {
      await disk.write('m/2/model.onnx', whole.slice(0, length));
      await watcher.look();
    }
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await watcher.look();
    await watcher.look();
    expect(engine.get('m').version).toBe('2');
    expect(failed).toEqual([]);
  });

  it('goes on with other models while one is being copied', async () => {
    await disk.put('a/1/model.onnx', PLUS_ONE);
    await disk.put('b/1/model.onnx', PLUS_ONE);
    await watch(disk.path);
    await watcher.look();
    await disk.put('a/2/model.onnx', PLUS_TWO);
    for (const text of ['x', 'xx', 'xxx']) {
      await disk.write('b/2/model.onnx', text);
      await watcher.look();
    }
    expect(engine.get('a').version).toBe('2');
    expect(engine.statusOf('b').versions).toEqual([{ version: '1', state: 'ready' }]);
  });

  it('follows the swapped link of a mounted ConfigMap, and of a single file', async () => {
    await disk.put('..1/m.onnx', PLUS_ONE);
    await disk.put('..2/m.onnx', PLUS_TWO);
    await disk.link('..data', '..1');
    await disk.link('m.onnx', '..data/m.onnx');
    await watch(join(disk.path, 'm.onnx'));
    await watcher.look();
    await symlink('..2', join(disk.path, '..data_tmp'));
    await rename(join(disk.path, '..data_tmp'), join(disk.path, '..data'));
    await watcher.look();
    await watcher.look();
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 3, version: '1' });
  });

  it('unloads a model only once it was missing twice', async () => {
    await disk.put('a/1/model.onnx', PLUS_ONE);
    await disk.put('b/1/model.onnx', PLUS_ONE);
    await watch(disk.path);
    await watcher.look();
    await disk.delete('b');
    await watcher.look();
    expect(engine.get('b').version).toBe('1');
    await watcher.look();
    expect(() => engine.get('b')).toThrow(expect.objectContaining({ code: 'UNKNOWN_MODEL' }));
  });

  it('keeps serving, and says so once, while the volume is gone', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    await watch(disk.path);
    await watcher.look();
    await rename(disk.path, `${disk.path}-away`);
    await watcher.look();
    await watcher.look();
    expect(errors).toEqual([expect.stringContaining('There is nothing at')]);
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 2, version: '1' });
    await rename(`${disk.path}-away`, disk.path);
    await watcher.look();
    await watcher.look();
    expect(await predict(engine, 'm', 1)).toEqual({ answer: 2, version: '1' });
  });

  it('looks by itself once it is started', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    await watch(disk.path);
    watcher.start();
    const loaded = once(engine, 'loaded');
    await disk.put('m/2/model.onnx', PLUS_TWO);
    expect((await loaded)[0]).toMatchObject({ name: 'm', version: '2' });
  });
});
