import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../tools.ts';
import { eventually, Installation, type Pod, TOOLS } from './cluster.ts';
import { house, price } from './golden.ts';
import { Load } from './load.ts';

const RATE = 120;
const CONNECTIONS = 20;

const values = (replicaCount: number) => ({
  autoscaling: { enabled: false },
  replicaCount,
  service: { type: 'NodePort' },
});

describeWith(TOOLS, `under a steady ${String(RATE)} requests a second from outside the cluster`, () => {
  const nestor = new Installation('nestor-continuity');

  beforeAll(async () => {
    await nestor.create();
    await nestor.install(values(1));
  }, 180_000);
  afterAll(() => nestor.delete(), 120_000);

  /** How many predictions a pod has made, by its own metrics. */
  async function predictions(pod: Pod): Promise<number> {
    const script = `console.log(await (await fetch('http://127.0.0.1:8080/metrics')).text());`;
    const metrics = await nestor.node(pod.metadata.name, script);
    return Number(/^nestor_request_duration_seconds_count\{model="housing",.*\} (\d+)$/m.exec(metrics)?.[1]);
  }

  /** Loads while `event` happens and a second longer; not one request may fail. */
  async function nothingIsLost(event: () => Promise<void>): Promise<void> {
    const started = Date.now();
    const load = new Load(`${await nestor.url()}/predict`, house, price, CONNECTIONS, RATE);
    try {
      await event();
    } finally {
      const { answered, failures } = await load.stop();
      const seconds = (Date.now() - started) / 1000;
      process.stderr.write(
        `${expect.getState().currentTestName ?? ''}: ${String(answered)} answered in ${seconds.toFixed()} s, failures ${JSON.stringify(failures)}\n`,
      );
      expect(failures).toEqual({});
      expect(answered / seconds).toBeGreaterThan(100);
    }
  }

  test('a rolling upgrade loses no request', async () => {
    const [old] = await nestor.pods();
    await nothingIsLost(async () => {
      await nestor.install({ ...values(1), podAnnotations: { revision: 'next' } });
      await nestor.settled(1);
    });
    expect((await nestor.pods())[0]!.metadata.name).not.toBe(old!.metadata.name);
  }, 120_000);

  test('scaling from one pod to three and back loses no request, and the new pods get their share', async () => {
    const scale = async (pods: number): Promise<void> => {
      await nestor.kubectl('scale', 'deployment/nestor', `--replicas=${String(pods)}`);
      await nestor.settled(pods);
    };
    await nothingIsLost(async () => {
      await scale(3);
      // MAX_REQUESTS_PER_CONNECTION moves the load's connections, all of which began at the one pod.
      await eventually(60, async () => {
        for (const pod of await nestor.pods()) expect(await predictions(pod)).toBeGreaterThan(50);
      });
      await scale(1);
    });
  }, 180_000);

  test('the deletion of a pod loses no request', async () => {
    await nothingIsLost(async () => {
      const [pod] = await nestor.pods();
      await nestor.kubectl('delete', 'pod', pod!.metadata.name, '--wait');
      await nestor.settled(1);
    });
  }, 120_000);
});
