import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../tools.ts';
import { Installation, TOOLS } from './cluster.ts';
import { golden, moods, textModel } from './golden.ts';

interface TextAnswer {
  readonly prediction: string;
  readonly probabilities: Readonly<Record<string, number>>;
}

describeWith(TOOLS, "the chart's defaults on a cluster", () => {
  const nestor = new Installation('nestor-install');

  beforeAll(async () => {
    await nestor.create();
    await nestor.install();
  }, 180_000);
  afterAll(() => nestor.delete(), 120_000);

  test.each(['configmap-model', 'defaults', 'fixed-size', 'ingress', 'persistent-volume'])(
    'the API server takes every object of the example %s, strictly',
    async (example) => {
      expect(await nestor.dryRun(example)).toContain('deployment.apps/other-nestor created (server dry run)');
    },
  );

  test('one pod is ready at once', async () => {
    await nestor.settled(1, 10);
  });

  test('helm test passes', async () => {
    expect(await nestor.helm('test', 'nestor', '--logs', '--timeout', '60s')).toMatch(/prediction \[26\.56/);
  }, 90_000);

  test('every golden row gets its golden price through the Service, in any order', async () => {
    const script = `
      const chunks = []; for await (const chunk of process.stdin) chunks.push(chunk);
      const answer = await fetch('http://nestor/predict', {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: Buffer.concat(chunks),
        signal: AbortSignal.timeout(15_000),
      });
      console.log(await answer.text());`;
    const ask = async (records: readonly object[]): Promise<number[]> => {
      const answer = await nestor.node('deployment/nestor', script, JSON.stringify(records));
      return (JSON.parse(answer) as { prediction: number[] }).prediction;
    };
    const prices = await ask(golden.records);
    expect(prices).toHaveLength(golden.prediction.length);
    for (const [row, expected] of golden.prediction.entries()) {
      expect(Math.abs(prices[row]! - expected) / expected).toBeLessThan(1e-4);
    }
    expect((await ask(golden.records.toReversed())).toReversed()).toEqual(prices);
  }, 30_000);

  test('the server is not root and cannot write', async () => {
    const script = `
      import { writeFileSync } from 'node:fs';
      const attempt = (path) => { try { writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; } };
      console.log(JSON.stringify([process.getuid(), attempt('/app/file'), attempt('/tmp/file')]));`;
    expect(JSON.parse(await nestor.node('deployment/nestor', script))).toEqual([65532, 'EROFS', 'EROFS']);
  });

  test("the image contains V8's compile cache for its own user and its own Node", async () => {
    const script = `
      import { readdirSync } from 'node:fs';
      import { enableCompileCache, getCompileCacheDir } from 'node:module';
      enableCompileCache({ directory: '/app/dist/compile-cache' });
      console.log(readdirSync(getCompileCacheDir()).length);`;
    expect(Number(await nestor.node('deployment/nestor', script))).toBeGreaterThan(10);
  });

  test('a text model that needs a locale predicts in the image as scikit-learn does', async () => {
    const script = `
      import { execFileSync } from 'node:child_process';
      import { readFileSync, writeFileSync } from 'node:fs';
      const chunks = []; for await (const chunk of process.stdin) chunks.push(chunk);
      const { model, rows } = JSON.parse(Buffer.concat(chunks));
      writeFileSync('/dev/shm/model.onnx', Buffer.from(model, 'base64'));
      writeFileSync('/dev/shm/in.jsonl', rows);
      const files = ['--input', '/dev/shm/in.jsonl', '--output', '/dev/shm/out.jsonl', '--force'];
      execFileSync(process.execPath, ['/app/dist/bundle/nestor.js', 'predict', '/dev/shm/model.onnx', ...files]);
      console.log(readFileSync('/dev/shm/out.jsonl', 'utf8'));`;
    const rows = moods.records.map((record) => `${JSON.stringify(record)}\n`).join('');
    const answer = await nestor.node('deployment/nestor', script, JSON.stringify({ model: textModel, rows }));
    const labels = answer
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TextAnswer);
    expect(labels.map(({ prediction }) => prediction)).toEqual(moods.prediction);
    for (const [row, { probabilities }] of labels.entries())
      for (const [label, value] of Object.entries(moods.probabilities[row]!))
        expect(Math.abs(probabilities[label]! - value)).toBeLessThan(1e-5);
  }, 60_000);

  test('with a Secret of keys, the server requires one, and helm test sends it', async () => {
    await nestor.kubectl('create', 'secret', 'generic', 'keys', '--from-literal=api-keys=# of the test\nopen-sesame');
    await nestor.install({ existingSecret: 'keys', apiKeys: { enabled: true } });
    expect(await nestor.helm('test', 'nestor', '--logs', '--timeout', '60s')).toMatch(/prediction \[26\.56/);
    const unasked = `console.log((await fetch('http://nestor/predict', { method: 'POST', body: '{}' })).status);`;
    expect(await nestor.node('deployment/nestor', unasked)).toBe('401\n');
  }, 120_000);

  test('the namespace enforces the restricted level', async () => {
    const loose = ['run', 'loose', '--image=nestor', '--dry-run=server'];
    await expect(nestor.kubectl(...loose)).rejects.toThrow('violates PodSecurity "restricted');
  });
});
