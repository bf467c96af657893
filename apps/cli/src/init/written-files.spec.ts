import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from '@jest/globals';
import { WrittenFiles } from './written-files.ts';

const text = (content: string) => (path: string) => writeFile(path, content);
const all = (folder: string) => readdirSync(folder, { recursive: true }).sort();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nestor-'));
  mkdirSync(join(folder, 'old'));
  writeFileSync(join(folder, 'old', 'a'), 'before');
});

it('creates folders, replaces files and leaves nothing else', async () => {
  const files = new WrittenFiles();
  await files.write(join(folder, 'new', '1', 'b'), text('b'));
  await files.write(join(folder, 'old', 'a'), text('after'));
  await files.keep();
  expect(all(folder)).toEqual(['new', join('new', '1'), join('new', '1', 'b'), 'old', join('old', 'a')]);
  expect(readFileSync(join(folder, 'old', 'a'), 'utf8')).toBe('after');
});

it('leaves the disk as it was if the files are not kept', async () => {
  const files = new WrittenFiles();
  await files.write(join(folder, 'new', '1', 'b'), text('b'));
  await files.write(join(folder, 'new', 'c'), text('c'));
  await files.write(join(folder, 'old', 'a'), text('after'));
  await files.write(join(folder, 'old', 'd'), text('d'));
  const failing = files.write(join(folder, 'old', 'e'), async (path) => {
    await writeFile(path, 'half');
    throw new Error('full');
  });
  await expect(failing).rejects.toThrow('full');
  await files.undo();
  expect(all(folder)).toEqual(['old', join('old', 'a')]);
  expect(readFileSync(join(folder, 'old', 'a'), 'utf8')).toBe('before');
});
