import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { NestorError } from '#errors';
import { MemoryBudget } from '../memory/memory-budget.ts';
import { weighJson, type WeighedRequest, weightOf } from './json-weight.ts';

const MIB = 2 ** 20;
const ITEMS = 100_000;

const list = (item: (at: number) => string): Buffer =>
  Buffer.from(`[${Array.from({ length: ITEMS }, (_, at) => item(at)).join()}]`);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** How much of the heap the parsed values of JSON take. */
function parsedBytes(json: Buffer): number {
  const text = json.toString();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const kept = JSON.parse(text) as object;
  collectGarbage();
  const { heapUsed } = process.memoryUsage();
  expect(kept).toBeDefined();
  return heapUsed - before;
}

describe('the weight of JSON', () => {
  it.each([
    ['empty lists', () => '[]'],
    ['empty objects', () => '{}'],
    ['lists of one', () => '[1]'],
    ['whole numbers', () => '1'],
    ['numbers', () => '1.5'],
    ['records', (at: number) => `{"CHAS":0,"RM":${at / 7},"TAX":296}`],
    ['objects of names of their own', (at: number) => `{"${at.toString(36)}":1}`],
    ['objects of numbers for names', (at: number) => `{"${at}":1}`],
    ['short texts', (at: number) => `"${at.toString(36)}"`],
  ])('is about what the parser takes for %s', (_, item) => {
    const json = list(item);
    // Garbage of earlier specs may be freed meanwhile, which only lowers the figure.
    const actual = Math.max(...Array.from({ length: 3 }, () => parsedBytes(json)));
    const counted = 2 * json.length + weightOf(json);
    expect(counted).toBeGreaterThan(0.9 * actual);
    expect(counted).toBeLessThan(12 * actual + 2 * json.length);
  });

  it('is not that of what stands in texts', () => {
    const plain = weightOf(Buffer.from('["a"]'));
    for (const text of ['[[[{{,,,', '\\"[[{', '\\\\', '\\\\\\"[', '']) {
      expect(weightOf(Buffer.from(`["${text}"]`))).toBe(plain);
    }
    expect(weightOf(Buffer.from('["[[['))).toBe(plain);
  });

  it('is refused where it is nested too deep', () => {
    const nested = (depth: number) => Buffer.from(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(() => weightOf(nested(101))).toThrow('nested deeper than 100 levels');
    expect(weightOf(nested(100))).toBe(100 * weightOf(Buffer.from('[]')));
  });
});

describe('weighJson', () => {
  const requestOf = (bytes: number): WeighedRequest & { server: { memoryBudget: MemoryBudget } } =>
    ({ heldBytes: 0, server: { memoryBudget: new MemoryBudget(bytes) } }) as never;
  const lists = Buffer.from(`[${'[],'.repeat(MIB)}[]]`);

  it('counts what large JSON comes to', () => {
    const request = requestOf(1000 * MIB);
    weighJson(request, lists);
    expect(request.heldBytes).toBe(request.server.memoryBudget.held);
    expect(request.heldBytes).toBeGreaterThan(20 * lists.length);
  });

  it('refuses what takes more than there is, or than there is now', () => {
    const refusalOf = (request: WeighedRequest): string => {
      try {
        weighJson(request, lists);
        return 'none';
      } catch (error) {
        return (error as NestorError).code;
      }
    };
    expect(refusalOf(requestOf(64 * MIB))).toBe('BODY_TOO_LARGE');
    const full = requestOf(128 * MIB);
    full.server.memoryBudget.hold({ heldBytes: 0 }, 100 * MIB);
    expect(refusalOf(full)).toBe('MEMORY_FULL');
  });

  it('leaves small JSON alone', () => {
    const request = requestOf(1);
    weighJson(request, lists.subarray(0, MIB - 1));
    expect(request.heldBytes).toBe(0);
  });
});
