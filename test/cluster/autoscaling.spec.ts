import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../tools.ts';
import { capture } from './capture.ts';
import { eventually, Installation, TOOLS } from './cluster.ts';
import { house, price } from './golden.ts';
import { Load } from './load.ts';

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

  test('pods come with the load and go with it', async () => {
    // At rest: a single pod, below the target.
    await eventually(120, async () => {
      expect(await hpa('{.status.currentMetrics[0].resource.current.averageUtilization}')).toBeLessThan(40);
      await nestor.settled(1, 0);
    });
    await show('before');

    const load = new Load(`${await nestor.url()}/predict`, house, price, 20, 600);
    await eventually(180, async () => {
      expect(await hpa('{.status.currentReplicas}')).toBeGreaterThan(1);
      const ready = (await nestor.pods()).filter((pod) => pod.status.containerStatuses?.[0]?.ready);
      expect(ready.length).toBeGreaterThan(1);
    });
    await show('under-load');
    expect(await load.stop()).toMatchObject({ wrong: 0, errors: 0, timeouts: 0, lost: 0 });

    await nestor.settled(1, 240);
    await eventually(60, async () => {
      expect(await hpa('{.status.currentReplicas}')).toBe(1);
    });
    await show('after');
  }, 600_000);
});
