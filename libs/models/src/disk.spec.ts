import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rename, symlink, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findModels, fingerprintOf } from './disk.ts';
import { ModelsOnDisk, PLUS_ONE, PLUS_TWO } from './testing/disk.fixture.ts';

let disk: ModelsOnDisk;
beforeEach(async () => {
  disk = await ModelsOnDisk.create();
});
afterEach(() => disk.remove());

const layout = async (path = disk.path): Promise<Record<string, number[]>> =>
  Object.fromEntries(
    (await findModels(path)).map((model) => [model.name, model.versions.map((version) => version.number)]),
  );

describe('findModels', () => {
  it('finds model folders with versions, with a bare model, and .onnx files; other folders are passed over', async () => {
    await disk.put('versions/2/model.onnx', PLUS_ONE);
    await disk.put('versions/10/model.onnx', PLUS_TWO);
    await disk.write('versions/training/train.py', '');
    await disk.write('versions/01/notes.txt', '');
    await disk.put('bare/model.onnx', PLUS_ONE);
    await disk.put('single.onnx', PLUS_ONE);
    await disk.write('README.md', '');
    await disk.write('training/data.csv', '');
    expect(await layout()).toEqual({ versions: [2, 10], bare: [1], single: [1] });
  });

  it('takes a folder called 1 for a model where it, or one beside it, is unmistakably a model’s', async () => {
    await disk.put('alone/1/1/model.onnx', PLUS_ONE);
    expect(await layout(join(disk.path, 'alone'))).toEqual({ 1: [1] });
    await disk.put('beside/1/model.onnx', PLUS_ONE);
    expect(await layout(join(disk.path, 'beside'))).toEqual({ beside: [1] });
    await disk.put('beside/housing/2/model.onnx', PLUS_ONE);
    expect(await layout(join(disk.path, 'beside'))).toEqual({ 1: [1], housing: [2] });
    await disk.put('described/1/model.onnx', PLUS_ONE);
    await disk.put('described/training/3/model.onnx', PLUS_ONE);
    await disk.manifest('described', {});
    expect(await layout(join(disk.path, 'described'))).toEqual({ described: [1] });
  });

  it('takes one model folder, and one file', async () => {
    await disk.put('housing/1/model.onnx', PLUS_ONE);
    await disk.put('loose.onnx', PLUS_ONE);
    expect(await layout(join(disk.path, 'housing'))).toEqual({ housing: [1] });
    expect(await layout(join(disk.path, 'loose.onnx'))).toEqual({ loose: [1] });
  });

  it('prefers model.onnx, takes any single other .onnx file, and says what is wrong with other version folders', async () => {
    await disk.put('m/1/anything.onnx', PLUS_ONE);
    await disk.put('m/2/other.onnx', PLUS_ONE);
    await disk.put('m/2/model.onnx', PLUS_ONE);
    await disk.put('m/3/a.onnx', PLUS_ONE);
    await disk.put('m/3/b.onnx', PLUS_ONE);
    await disk.write('m/4/notes.txt', '');
    const versions = (await findModels(disk.path))[0]!.versions;
    expect(versions.map(({ path }) => path && basename(path))).toEqual([
      'anything.onnx',
      'model.onnx',
      undefined,
      undefined,
    ]);
    expect(versions[2]!.problem).toMatch(/m\/3 holds a.onnx and b.onnx: name the one to serve model.onnx/);
    expect(versions[3]!.problem).toMatch(/m\/4 has no model. Add model.onnx/);
  });

  it('says what is missing, and what was looked for', async () => {
    await expect(findModels(join(disk.path, 'none'))).rejects.toThrow(/There is nothing at .*none\. Set MODELS to/);
    await expect(findModels(disk.path)).rejects.toThrow(/There is no model in .*<version>\/model.onnx/);
    await disk.write('model.txt', '');
    await expect(findModels(join(disk.path, 'model.txt'))).rejects.toThrow(/is a file, but not an .onnx file/);
    await disk.write('m/model.json', '{}');
    expect((await findModels(disk.path))[0]!.problem).toMatch(
      /m has a model.json but no model: put one at .*m\/1\/model.onnx/,
    );
  });

  it('refuses names that no path or label should hold, and two models of one name', async () => {
    await disk.put('a b/1/model.onnx', PLUS_ONE);
    await disk.put('twin/1/model.onnx', PLUS_ONE);
    await disk.put('twin.onnx', PLUS_ONE);
    const [spaced, twin] = await findModels(disk.path);
    expect(spaced!.problem).toMatch(/"a b" cannot be a model's name/);
    expect(twin!.problem).toMatch(/Both twin\/ and twin.onnx are there/);
  });

  it('reads a mounted ConfigMap: links are followed, hidden folders are no models, and a swap changes the fingerprint', async () => {
    await disk.put('..2026_01/housing/1/model.onnx', PLUS_ONE);
    await disk.put('..2026_02/housing/1/model.onnx', PLUS_ONE);
    await disk.link('..data', '..2026_01');
    await disk.link('housing', '..data/housing');
    await disk.link('dangling', 'nowhere');
    expect(await layout()).toEqual({ housing: [1] });
    const before = fingerprintOf((await findModels(disk.path))[0]!);
    await symlink('..2026_02', join(disk.path, '..data_tmp'));
    await rename(join(disk.path, '..data_tmp'), join(disk.path, '..data'));
    expect(fingerprintOf((await findModels(disk.path))[0]!)).not.toBe(before);
  });
});

describe('fingerprintOf', () => {
  const print = async (): Promise<string> => fingerprintOf((await findModels(disk.path))[0]!);

  it('is the same until a file is touched, replaced, added, or the manifest is changed', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    const seen = [await print()];
    expect(await print()).toBe(seen[0]);
    await utimes(join(disk.path, 'm/1/model.onnx'), new Date(0), new Date(0));
    seen.push(await print());
    await disk.put('m/1/weights.bin', PLUS_ONE);
    seen.push(await print());
    await disk.manifest('m', { title: 'M' });
    seen.push(await print());
    await disk.manifest('m', { title: 'N' });
    seen.push(await print());
    expect(new Set(seen).size).toBe(5);
  });

  it('does not depend on the model card or the training folder', async () => {
    await disk.put('m/model.onnx', PLUS_ONE);
    const before = await print();
    await disk.write('m/README.md', 'card');
    await disk.write('m/training/train.py', '');
    expect(await print()).toBe(before);
  });
});
