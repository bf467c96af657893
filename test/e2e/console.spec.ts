import { describe, expect, it } from '@jest/globals';
import { get, post, serve, sharedServer } from '../serve.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };

describe('GET /console/figures', () => {
  it('has the figures of /metrics for each model that the console shows', async () => {
    const { url } = await serve();
    await post(`${url}/predict`, [HOUSE, HOUSE, HOUSE]);
    await post(`${url}/predict`, { RM: 'six' });
    const { bounds, models } = (await get(`${url}/console/figures`)).json;
    const housing = models.find(({ model }: { model: string }) => model === 'housing');
    expect(housing).toMatchObject({ version: '1', requests: 2, failed: 1, rows: 3, queuedRows: 0 });
    const { text } = await get(`${url}/metrics`);
    for (const [name, key] of [
      ['nestor_request_duration_seconds', 'latency'],
      ['nestor_batch_rows', 'batchRows'],
    ]) {
      const buckets = [
        ...text.matchAll(new RegExp(`^${name}_bucket\\{model="housing",version="1",le="(.+)"\\} (\\d+)$`, 'gm')),
      ];
      expect([...bounds[key!], '+Inf'].map(String)).toEqual(buckets.map(([, bound]) => bound));
      let sum = 0;
      const counts = bounds[key!].map((_bound: number, at: number) => (sum += housing[key!].counts[at] ?? 0));
      expect(counts.map(String)).toEqual(buckets.slice(0, -1).map(([, , count]) => count));
    }
  });

  it('is off if the console is off', async () => {
    const { url } = await sharedServer({ CONSOLE: 'off' });
    expect((await get(`${url}/console/figures`)).status).toBe(404);
  });
});
