import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCard } from './card.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'nestor-card-'));

describe('readCard', () => {
  it('prefers the card to the read-me, and knows of folders without either', async () => {
    const path = folder();
    expect(await readCard(path)).toBeUndefined();
    expect(await readCard(join(path, 'nowhere'))).toBeUndefined();
    writeFileSync(join(path, 'README.md'), '# Read me');
    expect(await readCard(path)).toBe('# Read me');
    writeFileSync(join(path, 'CARD.md'), '\uFEFF# Card');
    expect(await readCard(path)).toBe('# Card');
  });

  it('reads no more than 64 KiB, to the end of a line', async () => {
    const path = folder();
    writeFileSync(join(path, 'README.md'), 'a line\n'.repeat(100_000));
    const card = (await readCard(path))!;
    expect(card.length).toBeLessThan(65 * 1024);
    expect(card).toMatch(/^(a line\n)+\n…\n$/);
  });

  it('takes a folder of that name for no card', async () => {
    const path = folder();
    mkdirSync(join(path, 'README.md'));
    expect(await readCard(path)).toBeUndefined();
  });
});
