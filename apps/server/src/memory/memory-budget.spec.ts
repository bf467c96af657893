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

  it('may shrink below what is held, and lets those in who wait once it grows', () => {
    const order: string[] = [];
    budget.hold(holder(), 6 * MIB);
    budget.resize(4 * MIB);
    expect([budget.bytes, budget.held]).toEqual([4 * MIB, 6 * MIB]);
    expect(() => budget.hold(holder(), MIB)).toThrow(expect.objectContaining({ code: 'MEMORY_FULL' }));
    budget.holdInTurn(holder(), 2 * MIB, () => order.push('waiting'));
    budget.resize(16 * MIB);
    expect([order, budget.held]).toEqual([['waiting'], 8 * MIB]);
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

  it('lets those in who wait, in their order, as others leave', () => {
    const [first, second, third, small] = [holder(), holder(), holder(), holder()];
    const order: string[] = [];
    budget.hold(first, 6 * MIB);
    expect(budget.holdInTurn(second, 6 * MIB, () => order.push('second'))).toBeDefined();
    // It would fit, but an earlier holder waits.
    expect(budget.holdInTurn(third, MIB / 2, () => order.push('third'))).toBeDefined();
    expect(budget.holdInTurn(small, 1000, () => order.push('small'))).toBeUndefined();
    expect([second.heldBytes, third.heldBytes, small.heldBytes]).toEqual([0, 0, 1000]);
    budget.giveBack(first);
    expect(order).toEqual(['second', 'third']);
    expect(budget.held).toBe(6.5 * MIB + 1000);
  });

  it('lets those in behind one that waits no more', () => {
    const [first, second, third] = [holder(), holder(), holder()];
    const order: string[] = [];
    budget.hold(first, 6 * MIB);
    const endWait = budget.holdInTurn(second, 6 * MIB, () => order.push('second'));
    budget.holdInTurn(third, MIB, () => order.push('third'));
    endWait!();
    expect([order, budget.held]).toEqual([['third'], 7 * MIB]);
    budget.giveBack(first);
    expect([order, second.heldBytes]).toEqual([['third'], 0]);
  });

  it('counts what is there already without asking, and refuses others for it', () => {
    const [first, second] = [holder(), holder()];
    budget.hold(first, 1000);
    budget.add(first, 9 * MIB);
    expect(budget.held).toBe(9 * MIB + 1000);
    expect(() => budget.hold(second, MIB)).toThrow(/hold 9438184 bytes/);
    budget.giveBack(first);
    budget.add(first, MIB);
    expect(budget.held).toBe(0);
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
