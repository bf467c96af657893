import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { nestor } from './nestor.ts';
import { ServerProcess } from './spawn.ts';

const POD = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };

describe('nestor load', () => {
  it("sends the default model's example at the given rate, and shows which server answered", async () => {
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

  it('opens new connections, and still counts all responses', async () => {
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

  it('opens another connection after `Connection: close`, without an error', async () => {
    const url = await new ServerProcess({ MAX_REQUESTS_PER_CONNECTION: '3' }).ready();
    const { code, stdout } = await nestor('load', url, '--rate', '40', '-d', '2', '-c', '4', '--json');
    expect(code).toBe(0);
    const { answered } = JSON.parse(stdout) as { answered: number };
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(`nestor_requests_total{model="housing",version="1",outcome="ok"} ${answered}\n`);
  });

  it('counts requests whose connection ends without a response, and those that cannot connect', async () => {
    let requests = 0;
    const server = createServer((socket) => {
      const end = (): void => void socket.end();
      const answer = (): boolean => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
      socket.on('data', () => {
        requests += 1;
        if (requests === 40) server.close();
        if (requests % 5 === 0 || requests >= 40) end();
        else answer();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/predict`;
    const { code, stdout } = await nestor('load', url, '--rate', '40', '-d', '2', '-c', '4', '--body', '{}', '--json');
    expect(code).toBe(1);
    const { answered, failed, errors } = JSON.parse(stdout) as Record<string, number> & { errors: object };
    expect(answered).toBe(32);
    expect(answered! + failed!).toBeGreaterThan(60);
    expect(Object.keys(errors).sort()).toEqual(['ECONNREFUSED', 'ECONNRESET']);
  });

  it('reports a server that does not answer', async () => {
    const { code, stderr } = await nestor('load', 'http://127.0.0.1:9');
    expect(code).toBe(1);
    expect(stderr).toContain('does not answer');
  });
});

describe('an answer', () => {
  it('names its pod only in Kubernetes', async () => {
    const pod = await fetch(`${await new ServerProcess(POD).ready()}/livez`);
    expect(pod.headers.get('x-served-by')).toMatch(/./);
    const elsewhere = await fetch(`${await new ServerProcess({}).ready()}/livez`);
    expect(elsewhere.headers.get('x-served-by')).toBeNull();
  });
});
