import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Holder, MemoryBudget } from './memory-budget.ts';

const MIB = 2 ** 20;

const holder = (): Holder => ({ heldBytes: 0 });

describe('MemoryBudget', () => {
  let budget: MemoryBudget;
  beforeEach(() => {
    budget = new MemoryBudget(8 * MIB);
  });

  it('refuses what has no room beside others, until they leave', () => {
    const [first, second] = [holder(), holder()];
    budget.hold(first, 4 * MIB);
    expect(() => budget.hold(second, 4 * MIB)).toThrow(expect.objectContaining({ code: 'MEMORY_FULL' }));
    expect([second.heldBytes, budget.held]).toEqual([0, 4 * MIB]);
    budget.giveBack(first);
    budget.hold(second, 4 * MIB);
    expect(budget.held).toBe(4 * MIB);
  });

  it('lets one in that exceeds it alone', () => {
    budget.hold(holder(), 9 * MIB);
    expect(budget.held).toBe(9 * MIB);
  });

  it('keeps a share for small ones, however much large ones hold', () => {
    budget.hold(holder(), 100 * MIB);
    for (let count = 0; count < 16; count += 1) budget.hold(holder(), MIB / 16);
    expect(() => budget.hold(holder(), MIB / 16)).toThrow(/hold 1048576 bytes of memory/);
    expect(budget.held).toBe(101 * MIB);
  });

  it('takes back for good, and once', () => {
    const [first, second] = [holder(), holder()];
    budget.hold(first, MIB);
    budget.hold(second, MIB);
    budget.giveBack(first);
    budget.giveBack(first);
    budget.hold(first, 2 * MIB);
    expect(budget.held).toBe(MIB);
  });

  it('counts one that grows once, and keeps what it held where it may grow no more', () => {
    const [growing, other] = [holder(), holder()];
    budget.hold(other, 4 * MIB);
    for (const bytes of [1000, MIB / 16, MIB, 3 * MIB]) budget.hold(growing, bytes);
    expect(budget.held).toBe(7 * MIB);
    expect(() => budget.hold(growing, 5 * MIB)).toThrow(/hold 4194304 bytes/);
    expect([growing.heldBytes, budget.held]).toEqual([3 * MIB, 7 * MIB]);
    budget.giveBack(growing);
    budget.giveBack(other);
    expect(budget.held).toBe(0);
  });
});
