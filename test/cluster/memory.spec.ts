import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../tools.ts';
import { Installation, TOOLS } from './cluster.ts';
import { house, price } from './golden.ts';
import { type Protocol, PROTOCOLS, upload } from './large-uploads.ts';

const CLIENTS = 64;
const SMALL_REQUESTS = 20;

const CASES = PROTOCOLS.flatMap((protocol) => [
  [protocol, 'never end', false] as const,
  [protocol, 'end', true] as const,
]);

describeWith(TOOLS, `${CLIENTS} clients with 31 MiB each, against the chart's defaults`, () => {
  const nestor = new Installation('nestor-memory');
  let url: string;
  let grpc: string;

  beforeAll(async () => {
    await nestor.create();
    await nestor.install({ service: { type: 'NodePort' }, autoscaling: { enabled: false } });
    url = await nestor.url();
    const port = await nestor.kubectl(
      ...['get', 'service', nestor.release, '--output=jsonpath={.spec.ports[?(@.name=="grpc")].nodePort}'],
    );
    grpc = `${new URL(url).hostname}:${port}`;
  }, 180_000);
  afterAll(() => nestor.delete(), 120_000);

  const isAnswered = async (): Promise<void> => {
    const answer = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(house),
    });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining(price)]);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  };

  test.each(CASES)(
    '%s, bodies that %s: small requests are answered',
    async (protocol: Protocol, _, ends) => {
      const address = protocol === 'grpc' ? grpc : new URL(url).host;
      const uploads = Array.from({ length: CLIENTS }, () => upload(protocol, address, ends));
      for (let count = 0; count < SMALL_REQUESTS; count += 1) await isAnswered();
      if (ends) {
        const statuses = await Promise.all(uploads.map(({ status }) => status));
        expect(statuses).not.toContain(undefined);
      }
      for (const one of uploads) one.leave();
      await isAnswered();
    },
    120_000,
  );

  test('no pod restarts', async () => {
    const pods = await nestor.pods();
    const script = `
      import { readFileSync } from 'node:fs';
      console.log(readFileSync('/proc/1/status', 'utf8').match(/^Vm(?:HWM|RSS):.*$/gm).join(', '));`;
    process.stderr.write(await nestor.node(pods[0]!.metadata.name, script));
    expect(pods.map((pod) => pod.status.containerStatuses?.[0]?.restartCount)).toEqual([0]);
  }, 30_000);
});
