import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BodyMemory } from './body-memory.ts';

const MIB = 2 ** 20;

describe('BodyMemory', () => {
  let memory: BodyMemory;
  beforeEach(() => {
    jest.useFakeTimers();
    memory = new BodyMemory();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('gives what was given back to the next body of nearly the same size', () => {
    const first = memory.take(19 * MIB + 300);
    memory.giveBack(first);
    const second = memory.take(19 * MIB + 200);
    expect(second.buffer).toBe(first.buffer);
    expect(second).toHaveLength(19 * MIB + 200);
  });

  it('never gives memory to two bodies at once', () => {
    const [first, second] = [memory.take(2 * MIB), memory.take(2 * MIB)];
    expect(second.buffer).not.toBe(first.buffer);
    memory.giveBack(first);
    expect([memory.take(2 * MIB).buffer, memory.take(2 * MIB).buffer]).not.toContain(second.buffer);
  });

  it('lets go of what does not fit when other memory is needed', () => {
    const [small, large] = [memory.take(MIB), memory.take(8 * MIB)];
    memory.giveBack(small);
    memory.giveBack(large);
    expect(memory.take(3 * MIB).buffer).not.toBe(large.buffer);
    expect([small.buffer.byteLength, large.buffer.byteLength]).toEqual([0, 0]);
  });

  it('lets go of what nobody wants for a while', () => {
    const body = memory.take(2 * MIB);
    memory.giveBack(body);
    jest.advanceTimersByTime(999);
    expect(body.buffer.byteLength).toBe(2 * MIB);
    jest.advanceTimersByTime(1001);
    expect(body.buffer.byteLength).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('leaves small bodies alone, which share their memory', () => {
    const body = memory.take(100);
    const { byteLength } = body.buffer;
    memory.giveBack(body);
    jest.advanceTimersByTime(5000);
    expect(body.buffer.byteLength).toBe(byteLength);
    expect(jest.getTimerCount()).toBe(0);
  });
});
