import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../tools.ts';
import { eventually, Installation, TOOLS } from './cluster.ts';
import { house, price } from './golden.ts';
import { Load } from './load.ts';

/** Stricter than the chart's defaults, so that a wrong kill or a missing one shows soon. */
const values = {
  autoscaling: { enabled: false },
  service: { type: 'NodePort' },
  probes: { liveness: { periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 2 } },
};

/** The image's own model file hidden behind one that is none. */
const broken = {
  ...values,
  extraVolumes: [{ name: 'broken', configMap: { name: 'broken' } }],
  extraVolumeMounts: [{ name: 'broken', mountPath: '/app/models/housing/1/model.onnx', subPath: 'model.onnx' }],
};

/** Opens the inspector of process 1 and has it evaluate a loop without end. */
const hang = `
  process.kill(1, 'SIGUSR1');
  const targets = async () => {
    for (;;) {
      try { return await (await fetch('http://127.0.0.1:9229/json/list')).json(); }
      catch { await new Promise((resolve) => setTimeout(resolve, 50)); }
    }
  };
  const [{ webSocketDebuggerUrl }] = await targets();
  const socket = new WebSocket(webSocketDebuggerUrl);
  await new Promise((resolve) => (socket.onopen = resolve));
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'for (;;);' } }));
  setTimeout(() => process.exit(0), 500);`;

describeWith(TOOLS, 'the probes on a cluster', () => {
  const nestor = new Installation('nestor-probes');
  const restarts = async (): Promise<number[]> =>
    (await nestor.pods()).map((pod) => pod.status.containerStatuses?.[0]?.restartCount ?? 0);

  beforeAll(async () => {
    await nestor.create();
    await nestor.kubectl('create', 'configmap', 'broken', '--from-literal=model.onnx=no model');
    await nestor.install(values);
  }, 180_000);
  afterAll(() => nestor.delete(), 120_000);

  test('a revision with a broken model stops its rollout, the old pods continue to serve, and a rollback recovers', async () => {
    const load = new Load(`${await nestor.url()}/predict`, house, price, 5, 50);
    const [old] = await nestor.pods();
    await expect(nestor.install(broken, '20s')).rejects.toThrow();

    const [failing] = await eventually(30, async () => {
      const pods = (await nestor.pods()).filter((pod) => pod.metadata.name !== old!.metadata.name);
      expect(pods[0]?.status.containerStatuses?.[0]?.lastState.terminated?.exitCode).toBe(1);
      return pods;
    });
    expect(await nestor.kubectl('logs', failing!.metadata.name)).toMatch(/housing/);
    expect((await nestor.pods()).map((pod) => pod.metadata.name)).toContain(old!.metadata.name);

    await nestor.helm('rollback', nestor.release, '--wait', '--timeout', '60s');
    await nestor.settled(1);
    expect((await nestor.pods())[0]!.metadata.name).toBe(old!.metadata.name);
    expect((await load.stop()).failures).toEqual({});
  }, 180_000);

  test('liveness does not restart a pod under full load', async () => {
    const before = await restarts();
    const load = new Load(`${await nestor.url()}/predict`, house, price, 64, 5000);
    // Three times what a kill would take.
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    expect((await load.stop()).answered).toBeGreaterThan(1000);
    expect(await restarts()).toEqual(before);
  }, 60_000);

  test('liveness restarts a process whose event loop hangs', async () => {
    expect(await restarts()).toEqual([0]);
    const [pod] = await nestor.pods();
    await nestor.node(pod!.metadata.name, hang);
    await eventually(60, async () => {
      expect(await restarts()).toEqual([1]);
    });
    await nestor.settled(1);
    const events = await nestor.kubectl('get', 'events', '--field-selector', 'reason=Unhealthy');
    expect(events).toContain('Liveness probe failed');
  }, 120_000);
});
