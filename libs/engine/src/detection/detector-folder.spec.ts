import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { open } from '../testing/engine.fixture.ts';

const DETR = 'test/models/detectors/detr';
const PREPROCESSOR = 'preprocessor_config.json';

/** The folder of a detector with other members in its files; `undefined` removes a file. */
function folderOf(files: Record<string, object | undefined>): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'nestor-')), 'model');
  cpSync(DETR, folder, { recursive: true });
  for (const [name, members] of Object.entries(files)) {
    const before = name === 'model.json' ? {} : JSON.parse(readFileSync(join(folder, name), 'utf8'));
    if (members === undefined) rmSync(join(folder, name));
    else writeFileSync(join(folder, name), JSON.stringify({ ...before, ...members }));
  }
  return folder;
}

async function described(files: Record<string, object | undefined>) {
  const engine = await open(folderOf(files));
  const description = engine.describe(engine.status()[0]!.name);
  await engine.close();
  return description as { task: string; image?: object; labels?: readonly string[] };
}

test.each<[string, object, object]>([
  ['the sides of old versions', { size: 96, max_size: 160 }, { shorterSide: 96, longerSide: 160 }],
  ['one side', { size: { longest_edge: 128 } }, { longerSide: 128 }],
  ['width and height', { size: { width: 96, height: 64 } }, { width: 96, height: 64, fit: 'fill' }],
  ['another scaling', { resample: 3 }, { scaling: 'bicubic' }],
  ['another factor', { rescale_factor: 0.5 }, { scale: 0.5 }],
])('preprocessor_config.json may have %s', async (_, members, image) => {
  expect((await described({ [PREPROCESSOR]: members })).image).toMatchObject(image);
});

test('levels stay as they are where it says so', async () => {
  const { image } = await described({ [PREPROCESSOR]: { do_rescale: false, do_normalize: false } });
  expect(image).toEqual({ shorterSide: 96, longerSide: 160, scaling: 'bilinear' });
});

test('the manifest goes before the folder', async () => {
  const manifest = { labels: ['a', 'b', 'c'], image: { longerSide: 64, scale: 1 / 255 } };
  expect(await described({ 'model.json': manifest })).toMatchObject({ task: 'object-detection', ...manifest });
});

test.each<[string, Record<string, object | undefined>]>([
  ['a manifest that says so', { 'model.json': { task: 'tensor' } }],
  ['another architecture', { 'config.json': { architectures: ['DetrForSegmentation'] } }],
  ['pictures that are not scaled', { [PREPROCESSOR]: { do_resize: false } }],
  ['a scaling that is not known', { [PREPROCESSOR]: { resample: 1 } }],
  ['a size that is not known', { [PREPROCESSOR]: { size: { max_height: 96, max_width: 96 } } }],
])('its tensors are served with %s', async (_, files) => {
  expect((await described(files)).task).toBe('tensor');
});

test('a file that is no JSON is named', async () => {
  const folder = folderOf({});
  writeFileSync(join(folder, 'config.json'), '{');
  await expect(open(folder)).rejects.toThrow('config.json cannot be read');
});
