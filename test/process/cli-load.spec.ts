import { describe, expect, it } from '@jest/globals';
import { nestor } from './nestor.ts';
import { ServerProcess } from './spawn.ts';

const POD = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };

describe('nestor load', () => {
  it("sends the default model's example at the rate asked for, and tells who answered", async () => {
    const url = await new ServerProcess(POD).ready();
    const { code, stdout, stderr } = await nestor('load', url, '--rate', '40', '--duration', '3', '--json');
    expect(code).toBe(0);
    const figures = JSON.parse(stdout);
    expect(figures).toMatchObject({ url: `${url}/predict`, failed: 0, errors: {} });
    expect(figures.answered).toBeLessThanOrEqual(160);
    expect(figures.answered).toBeGreaterThan(0);
    expect(Object.keys(figures.servedBy)).toHaveLength(1);
    expect(figures.p50).toBeLessThanOrEqual(figures.p99);
    expect(stderr).toContain('ANSWERED BY');
  });

  it('opens connections anew, so that all answers are counted all the same', async () => {
    const url = await new ServerProcess(POD).ready();
    const args = [
      'load',
      `${url}/models/wine/predict`,
      '--requests-per-connection',
      '2',
      '-d',
      '2',
      '-c',
      '3',
      '--json',
    ];
    const figures = JSON.parse((await nestor(...args)).stdout);
    expect(figures.failed).toBe(0);
    const [answers] = Object.values(figures.servedBy);
    expect(answers).toBe(figures.answered);
  });

  it('counts errors by their code, with exit code 1 and a summary for people', async () => {
    const url = await new ServerProcess({}).ready();
    const { code, stdout } = await nestor('load', url, '-d', '1', '--body', '{"RM": "x"}');
    expect(code).toBe(1);
    expect(stdout).toMatch(/failed\s+\d+ \(422: \d+\)/);
  });

  it('says that nobody is there', async () => {
    const { code, stderr } = await nestor('load', 'http://127.0.0.1:9');
    expect(code).toBe(1);
    expect(stderr).toContain('does not answer');
  });
});

describe('an answer', () => {
  it('names its pod in Kubernetes alone', async () => {
    const pod = await fetch(`${await new ServerProcess(POD).ready()}/livez`);
    expect(pod.headers.get('x-served-by')).toMatch(/./);
    const elsewhere = await fetch(`${await new ServerProcess({}).ready()}/livez`);
    expect(elsewhere.headers.get('x-served-by')).toBeNull();
  });
});
