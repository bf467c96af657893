import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LineBlocks } from './line-blocks.ts';

describe('LineBlocks', () => {
  let written: string[];
  let lines: LineBlocks;

  beforeEach(() => {
    jest.useFakeTimers();
    written = [];
    lines = new LineBlocks({ write: (text) => written.push(text) });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('writes a line within a second, and nothing where nothing was logged', () => {
    jest.advanceTimersByTime(5000);
    lines.write('one\n');
    expect(written).toEqual([]);
    jest.advanceTimersByTime(1000);
    expect(written).toEqual(['one\n']);
    jest.advanceTimersByTime(5000);
    expect(written).toEqual(['one\n']);
  });

  it('joins lines in their order, and writes them at once where there are many', () => {
    const logged = Array.from({ length: 2000 }, (_, index) => `{"line":${index},"text":"${'x'.repeat(50)}"}\n`);
    for (const line of logged) lines.write(line);
    expect(written.length).toBeGreaterThan(0);
    expect(written.length).toBeLessThan(5);
    lines.flush();
    expect(written.join('')).toBe(logged.join(''));
  });
});
