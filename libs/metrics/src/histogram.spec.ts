import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Histogram as Reference, Registry } from 'prom-client';
import { Histogram } from './histogram.ts';

const BOUNDS = [0.001, 0.01, 0.1, 1];

describe('Histogram', () => {
  it("exports what prom-client's own histogram exports of the same observations", async () => {
    const observation = fc.record({
      model: fc.constantFrom('housing', 'wine "red"\n'),
      value: fc.oneof(fc.constantFrom(...BOUNDS, 0, 5), fc.double({ min: 0, max: 2, noNaN: true })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(observation, { minLength: 1 }), async (observations) => {
        const registry = new Registry();
        const ours = new Histogram('seconds', 'Time.', BOUNDS);
        registry.registerMetric(ours.asMetric());
        const reference = new Registry();
        const theirs = new Reference({
          name: 'seconds',
          help: 'Time.',
          buckets: BOUNDS,
          labelNames: ['model'],
          registers: [reference],
        });
        for (const { model, value } of observations) {
          ours.child({ model }).observe(value);
          theirs.observe({ model }, value);
        }
        const lines = (text: string) =>
          text
            .trim()
            .split('\n')
            .map((line) => line.replace(/\{(.*)\}/, (_all, labels: string) => labels.split(',').sort().join()))
            .sort();
        expect(lines(await registry.metrics())).toEqual(lines(await reference.metrics()));
      }),
    );
  });

  it('forgets the children of labels that are gone', async () => {
    const histogram = new Histogram('seconds', 'Time.', BOUNDS);
    histogram.child({ model: 'housing' }).observe(1);
    histogram.remove({ model: 'housing' });
    expect((await histogram.get()).values).toEqual([]);
  });
});
