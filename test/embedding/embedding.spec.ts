import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWithRegistry } from '../registry.ts';
import { sharedServer } from '../serve.ts';
import { type App, Host, pack } from './host.ts';

const MINUTES = 60_000;
const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };

describeWithRegistry('the package, installed into an empty folder,', () => {
  let tarball: string;
  let nest12: Host;
  let nest11: Host;
  let plain: Host;
  let app: App | undefined;

  beforeAll(async () => {
    tarball = await pack();
    nest12 = await Host.install('nest12', tarball);
    nest11 = await Host.install('nest11', tarball);
    plain = await Host.install('plain', tarball);
  }, 5 * MINUTES);
  afterEach(() => {
    app?.kill();
    app = undefined;
  });
  afterAll(() => {
    for (const folder of [dirname(tarball), nest12.folder, nest11.folder, plain.folder])
      rmSync(folder, { recursive: true });
  });

  /** What each application does, whatever it is made of. */
  async function serves(host: Host): Promise<void> {
    app = await host.start();
    const answered = await app.post('/houses/price', HOUSE);
    expect([answered.status, await answered.json()]).toEqual([201, { price: 26.56419 }]);
    const refused = await app.post('/houses/price', { ...HOUSE, RM: 'six' });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([
      422,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(await refused.json()).toMatchObject({ code: 'INVALID_ROWS', errors: [{ row: 0, field: 'RM' }] });
    expect(await (await app.get('/health')).json()).toMatchObject({ details: { housing: { status: 'up' } } });
    expect(await (await app.get('/metrics')).text()).toContain(
      'nestor_requests_total{model="housing",version="1",outcome="ok"} 1',
    );
    await losesNothing(app);
    expect(app.stderr).toBe('');
    expect(app.stdout).toContain('Unloaded version 1 of housing');
  }

  /** Requests are under way when it is told to stop, some of them until it takes no connection any more. */
  async function losesNothing(stopping: App): Promise<void> {
    const agent = new Agent({ keepAlive: true });
    const begun = await Promise.all(Array.from({ length: 64 }, () => stopping.begin('/houses/price', HOUSE, agent)));
    const ended = stopping.stop();
    const first = begun.slice(0, 32).map((request) => request.end());
    await stopping.closed();
    const last = begun.slice(32).map((request) => request.end());
    expect(new Set(await Promise.all([...first, ...last]))).toEqual(new Set([201]));
    agent.destroy();
    expect(await ended).toEqual({ code: 0, signal: null });
  }

  it('is the guide: Nest 12 with Fastify', async () => {
    nest12.writeGuide();
    await nest12.compile('module');
    await serves(nest12);
  });

  it("is tested by the guide's test under Vitest", async () => {
    await nest12.run('npx', 'vitest', 'run', '--root', 'src', '--reporter', 'verbose');
  });

  it('is tested under Jest: with a stub, which loads no native file, and with the model', async () => {
    nest12.copy('jest');
    const jest = join(nest12.folder, 'node_modules/jest/bin/jest.js');
    await nest12.run(process.execPath, '--experimental-vm-modules', jest, '--maxWorkers=1');
  });

  it.each([
    ['Nest 12', 'module'],
    ['Nest 12', 'commonjs'],
    ['Nest 11', 'module'],
    ['Nest 11', 'commonjs'],
  ] as const)('serves in %s with Express, as %s', async (nest, type) => {
    const host = nest === 'Nest 12' ? nest12 : nest11;
    host.writeGuide();
    host.copy('express');
    await host.compile(type);
    await serves(host);
  });

  it('predicts with only ONNX Runtime, imported', async () => {
    plain.writeGuide();
    const { stdout, stderr } = await plain.run(process.execPath, 'predict.mjs');
    expect([stdout.split('\n')[0], stderr]).toEqual(['{ prediction: 26.56419 }', '']);
    expect(stdout).toContain('INVALID_ROWS');
  });

  it('predicts without NestJS, required, in a worker thread, with the oldest Node', async () => {
    nest12.copy('plain');
    const oldest = join(nest12.folder, 'node_modules/node/bin/node');
    expect((await nest12.run(oldest, '--version')).stdout).toBe('v22.12.0\n');
    const { stdout } = await nest12.run(oldest, '--no-warnings', 'predict.cjs');
    expect(stdout).toBe('[{"prediction":26.56419},{"prediction":26.56419}]\nINVALID_ROWS RM\n');
  });

  it('uses a server, without a native file', async () => {
    nest12.copy('plain');
    const { url } = await sharedServer();
    const { stdout, stderr } = await nest12.run(process.execPath, 'remote.mjs', url);
    expect([stdout, stderr]).toEqual(['[{"prediction":26.56419},{"prediction":26.56419}]\nINVALID_ROWS RM\n', '']);
  });

  it('has declarations that need only the types of Node', async () => {
    nest12.copy('plain');
    const options = ['--strict', '--noEmit', '--skipLibCheck', 'false', '--module', 'nodenext', '--target', 'es2023'];
    await nest12.check('--ignoreConfig', 'typed.mts', ...options, '--types', 'node');
  });

  it.each([
    ['Nest', ['sharp', '@grpc/grpc-js', 'fastify', 'preact', 'pino', 'class-validator']],
    ['nothing', ['sharp', '@nestjs/common', '@opentelemetry/api', 'prom-client']],
  ])('installs nothing unneeded into a folder with %s', (had, others) => {
    const { folder } = had === 'Nest' ? nest11 : plain;
    const listed = execFileSync('npm', ['ls', '--all', '--parseable'], { cwd: folder, encoding: 'utf8' });
    for (const name of others) expect(listed).not.toMatch(new RegExp(`/node_modules/${name}$`, 'm'));
  });
});
