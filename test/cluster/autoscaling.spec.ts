import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../tools.ts';
import { capture } from './capture.ts';
import { eventually, Installation, TOOLS } from './cluster.ts';
import { house, price } from './golden.ts';
import { Load, type Report } from './load.ts';

/** The chart's own autoscaling, but that it shrinks at once and not after five calm minutes. */
const values = {
  service: { type: 'NodePort' },
  autoscaling: {
    behavior: {
      scaleDown: { stabilizationWindowSeconds: 0, policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }] },
    },
  },
};

describeWith(TOOLS, 'the autoscaler on a cluster', () => {
  const nestor = new Installation('nestor-autoscaling');
  const show = async (moment: string): Promise<void> => {
    await capture(`get-all-${moment}`, 'kubectl get all', await nestor.kubectl('get', 'all'));
    await capture(`get-hpa-${moment}`, 'kubectl get hpa', await nestor.kubectl('get', 'hpa'));
  };
  const hpa = async (path: string): Promise<number> => {
    const text = await nestor.kubectl('get', 'hpa', 'nestor', `--output=jsonpath=${path}`);
    expect(text).toMatch(/^\d+$/);
    return Number(text);
  };

  beforeAll(async () => {
    await nestor.create();
    await nestor.install(values);
  }, 180_000);
  afterAll(() => nestor.delete(), 120_000);

  test('pods scale with the load, up to five and back, and no request is lost', async () => {
    // At rest: a single pod, below the target.
    await eventually(120, async () => {
      expect(await hpa('{.status.currentMetrics[0].resource.current.averageUtilization}')).toBeLessThan(40);
      await nestor.settled(1, 0);
    });
    await show('before');

    const url = `${await nestor.url()}/predict`;
    const load = new Load(url, house, price, 20, 2000);
    try {
      await nestor.settled(5, 180);
      await eventually(60, async () => {
        expect(await hpa('{.status.currentReplicas}')).toBe(5);
      });
      await show('under-load');
    } finally {
      report(await load.stop());
    }

    const calm = new Load(url, house, price, 20, 40);
    try {
      await nestor.settled(1, 180);
      await eventually(60, async () => {
        expect(await hpa('{.status.currentReplicas}')).toBe(1);
      });
    } finally {
      report(await calm.stop());
    }
    await show('after');
  }, 600_000);
});

/** Says what came of a load: not one request may have failed. */
function report({ answered, failures }: Report): void {
  process.stderr.write(`${answered} answered, failures ${JSON.stringify(failures)}\n`);
  expect(failures).toEqual({});
}
