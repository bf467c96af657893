import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BLOCK, LogOutput } from './log-output.ts';

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
const LINES = Array.from({ length: 100 }, (_, index) => `{"line":${index},"text":"${'x'.repeat(1000)}"}\n`);

describe('LogOutput', () => {
  let folder: string;
  let open: Set<number>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nestor-'));
    open = new Set();
  });
  afterEach(() => {
    for (const fd of open) closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  const opened = (path: string, flags: string | number): number => {
    const fd = openSync(path, flags);
    open.add(fd);
    return fd;
  };
  const close = (fd: number): void => {
    open.delete(fd);
    closeSync(fd);
  };
  /** A non-blocking pipe, as Node sets up standard output. */
  const pipe = (): { readonly output: LogOutput; readonly reader: number } => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const reader = opened(path, O_RDONLY | O_NONBLOCK);
    return { output: new LogOutput(opened(path, O_WRONLY | O_NONBLOCK), BLOCK.long), reader };
  };
  const written = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await pause(1);
  };

  it('writes a line within about a second, whole blocks at once, and all in order', async () => {
    const path = join(folder, 'log');
    const output = new LogOutput(opened(path, 'w'), BLOCK.long);
    const text = () => readFileSync(path, 'utf8');
    output.write('first\n');
    expect(text()).toBe('');
    await written(() => text() === 'first\n');
    await output.end();
    for (const line of LINES) output.write(line);
    await written(() => text().length >= BLOCK.long);
    expect(text().length).toBeLessThan(LINES.join('').length);
    expect(await output.end()).toBe(true);
    expect(text()).toBe(`first\n${LINES.join('')}`);
    expect(output.lostLines).toBe(0);
  });

  it('writes a line at once where each is a block', async () => {
    const path = join(folder, 'log');
    const output = new LogOutput(opened(path, 'w'), BLOCK.line);
    const begun = performance.now();
    for (const line of LINES) output.write(line);
    await written(() => readFileSync(path, 'utf8') === LINES.join(''));
    expect(performance.now() - begun).toBeLessThan(900);
  });

  it('loses the lines of a full disk, and counts them', async () => {
    const output = new LogOutput(opened('/dev/full', 'w'), BLOCK.long);
    for (const line of LINES) output.write(line);
    expect(await output.end()).toBe(true);
    expect(output.lostLines).toBe(LINES.length);
    output.write('one more\n');
    output.endSync();
    expect(output.lostLines).toBe(LINES.length + 1);
  });

  it('begins a new line after one that it could not write to its end', async () => {
    // A shell's limit on file sizes acts like a disk that fills in the middle of a line.
    const path = join(folder, 'log');
    const script = `
      import { openSync, readFileSync, truncateSync } from 'node:fs';
      import { BLOCK, LogOutput } from ${JSON.stringify(import.meta.resolve('./log-output.ts'))};
      process.on('SIGXFSZ', () => undefined);
      const output = new LogOutput(openSync(${JSON.stringify(path)}, 'a'), BLOCK.long);
      for (const line of ${JSON.stringify(LINES)}) output.write(line);
      await output.end();
      const { length } = readFileSync(${JSON.stringify(path)});
      output.write('lost\\n');
      await output.end();
      truncateSync(${JSON.stringify(path)}, 1000);
      output.write('after\\n');
      await output.end();
      console.log(JSON.stringify({ length, lost: output.lostLines }));`;
    const shell = `ulimit -f 8; exec '${process.execPath}' --input-type=module-typescript --eval "$SCRIPT"`;
    const { length, lost } = JSON.parse(
      execFileSync('sh', ['-c', shell], { env: { SCRIPT: script }, encoding: 'utf8' }),
    );
    const whole = readFileSync(path, 'utf8');
    expect(whole).toBe(`${LINES.join('').slice(0, 1000)}\nafter\n`);
    expect(lost).toBe(LINES.length - Math.floor(length / LINES[50]!.length) + 1);
  });

  it('loses lines when the reader has left, and counts them', async () => {
    const { output, reader } = pipe();
    output.write('read\n');
    await output.end();
    close(reader);
    for (const line of LINES) output.write(line);
    expect(await output.end()).toBe(true);
    expect(output.lostLines).toBe(LINES.length);
  });

  it('keeps some lines for a reader that takes none in, loses the others, and ends all the same', async () => {
    const { output, reader } = pipe();
    const line = `${'x'.repeat(99)}\n`;
    let logged = 0;
    for (; output.lostLines < 1000; logged += 1) output.write(line);
    expect(logged * line.length).toBeLessThan(8 * 2 ** 20);
    expect(await output.end()).toBe(false);
    output.endSync();
    const block = Buffer.alloc(1_000_000);
    let read = '';
    const readMore = (): boolean => {
      try {
        read += block.toString('utf8', 0, readSync(reader, block));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      }
      return read.length === (logged - output.lostLines) * line.length;
    };
    void output.end();
    await written(readMore);
    expect(output.lostLines).toBe(1000);
  });

  it('ends at once, too, as far as the reader has room', () => {
    const { output, reader } = pipe();
    output.write('last words\n');
    output.endSync();
    const read = Buffer.alloc(100);
    expect(read.toString('utf8', 0, readSync(reader, read))).toBe('last words\n');
    for (const line of LINES) output.write(line);
    output.endSync();
  });
});
