import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { labelBatches } from './label-batches.ts';
import type { Labeller } from './labeller.ts';

describe('labelBatches', () => {
  /** Labels what it is told to, when it is told to. */
  const byHand = () => {
    const ends: ((failure?: Error) => void)[] = [];
    const labeller = {
      label: () =>
        new Promise((resolve, reject) =>
          ends.push((failure) => (failure === undefined ? resolve({}) : reject(failure))),
        ),
    };
    return { ends, labeller: labeller as unknown as Labeller };
  };
  const counted = () => {
    const state = { read: 0, returned: false };
    const batches = (async function* () {
      try {
        for (; state.read < 5;) {
          state.read += 1;
          yield { rows: [], at: state.read };
        }
      } finally {
        state.returned = true;
      }
    })();
    return { state, batches };
  };

  it('reads as many ahead as are labelled at once, and gives them in order', async () => {
    const { ends, labeller } = byHand();
    const { state, batches } = counted();
    const labelled = labelBatches(batches, labeller, 2);
    const first = labelled.next();
    await turn();
    expect([state.read, ends.length]).toEqual([2, 2]);
    ends[1]!();
    await turn();
    expect(state.read).toBe(2);
    ends[0]!();
    expect((await first).value!.batch.at).toBe(1);
    // Nothing more is read until more is asked for.
    await turn();
    expect(state.read).toBe(2);
    const second = labelled.next();
    await turn();
    expect(state.read).toBe(3);
    expect((await second).value!.batch.at).toBe(2);
    await labelled.return();
    expect(state.returned).toBe(true);
  });

  it('meets a failure when its turn comes', async () => {
    const { ends, labeller } = byHand();
    const labelled = labelBatches(counted().batches, labeller, 2);
    const first = labelled.next();
    await turn();
    ends[1]!(new Error('the second'));
    await turn();
    ends[0]!();
    expect((await first).value!.batch.at).toBe(1);
    await expect(labelled.next()).rejects.toThrow('the second');
  });
});
