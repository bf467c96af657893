import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { KeyFile, KeyFileError } from './key-file.ts';

const opened: KeyFile[] = [];
const folder = () => mkdtempSync(join(tmpdir(), 'nestor-keys-'));

const open = (path: string, onProblem: (problem: KeyFileError) => void = () => undefined) => {
  const keys = new KeyFile(path, onProblem);
  opened.push(keys);
  return keys;
};

afterEach(() => {
  for (const keys of opened.splice(0)) keys.close();
});

describe('KeyFile', () => {
  it('accepts each of its keys and nothing else', () => {
    const path = join(folder(), 'keys');
    writeFileSync(path, '# for the shop\nalpha\r\n\n  beta  \n');
    const keys = open(path);
    expect(['alpha', 'beta'].map((key) => keys.accepts(key))).toEqual([true, true]);
    expect(['', 'alph', 'alphaa', 'Alpha', '# for the shop', 'alpha\nbeta'].some((key) => keys.accepts(key))).toBe(
      false,
    );
  });

  it("follows a Kubernetes secret's swap of symbolic links", () => {
    const mount = folder();
    for (const [version, key] of [
      ['..1', 'old'],
      ['..2', 'new'],
    ] as const) {
      mkdirSync(join(mount, version));
      writeFileSync(join(mount, version, 'keys'), key);
    }
    symlinkSync('..1', join(mount, '..data'));
    symlinkSync('..data/keys', join(mount, 'keys'));
    const keys = open(join(mount, 'keys'));
    expect(keys.accepts('old')).toBe(true);
    symlinkSync('..2', join(mount, '..next'));
    renameSync(join(mount, '..next'), join(mount, '..data'));
    keys.look();
    expect([keys.accepts('new'), keys.accepts('old')]).toEqual([true, false]);
  });

  it.each([
    ['ENOENT', (path: string) => rmSync(path)],
    [
      'ELOOP',
      (path: string) => {
        rmSync(path);
        symlinkSync(path, path);
      },
    ],
    [
      'ENOTDIR',
      (path: string) => {
        rmSync(dirname(path), { recursive: true });
        writeFileSync(dirname(path), '');
      },
    ],
    [
      'EISDIR',
      (path: string) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
  ])('keeps the keys read before where the file cannot be read: %s, which it tells once', (code, spoil) => {
    const path = join(folder(), 'mount', 'keys');
    mkdirSync(dirname(path));
    writeFileSync(path, 'alpha');
    const problems: string[] = [];
    const keys = open(path, ({ message }) => void problems.push(message));
    spoil(path);
    keys.look();
    keys.look();
    expect(keys.accepts('alpha')).toBe(true);
    expect(problems).toEqual([`The key file ${path} cannot be read (${code}).`]);
  });

  it('takes up the keys of a file that can be read again', () => {
    const path = join(folder(), 'keys');
    writeFileSync(path, 'alpha');
    const keys = open(path);
    rmSync(path);
    mkdirSync(path);
    keys.look();
    rmSync(path, { recursive: true });
    writeFileSync(path, 'beta');
    keys.look();
    expect([keys.accepts('alpha'), keys.accepts('beta')]).toEqual([false, true]);
  });

  it('names the file, never a key, where it cannot be used', () => {
    const path = join(folder(), 'keys');
    expect(() => open(path)).toThrow(`The key file ${path} cannot be read (ENOENT).`);
    writeFileSync(path, '# nothing yet\n');
    expect(() => open(path)).toThrow(`The key file ${path} holds no key`);
  });
});
