import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { get, post, serve } from '../serve.ts';

it('docs/metrics.md lists all of our metrics with type and labels, and no others', async () => {
  const { url } = await serve({ PROTOCOLS: 'plain,v2,grpc', GRPC_PORT: '0' });
  await post(`${url}/predict`, { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 });
  const { text } = await get(`${url}/metrics`);
  const types = new Map([...text.matchAll(/^# TYPE (nestor_\w+) (\w+)$/gm)].map(([, name, type]) => [name, type]));
  const rows = [...readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| `(nestor_\w+)` \| (\w+) \| (.*?) \|/gm)];
  const documented = new Map(rows.map(([, name, type]) => [name, type]));
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(types));
  for (const [, name = '', , labels = ''] of rows) {
    const exposed = new RegExp(`^${name}(?:_bucket|_count)?\\{([^}]*)\\}`, 'm').exec(text)?.[1];
    if (exposed === undefined) continue;
    const names = exposed
      .split(',')
      .map((label) => label.split('=')[0])
      .filter((label) => label !== 'le');
    expect([name, [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label).sort()]).toEqual([name, names.sort()]);
  }
});
