import { execFile, spawn } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { describeWithRegistry, elsewhere } from '../registry.ts';
import { temporaryFolder } from '../process/nestor.ts';

const execute = promisify(execFile);
const MINUTES = 60_000;

describe('the package', () => {
  it('contains the bundle and the library, and depends only on the packages outside them', async () => {
    await execute(process.execPath, ['scripts/package.mjs']);
    const manifest = JSON.parse(readFileSync('dist/package/package.json', 'utf8'));
    const root = JSON.parse(readFileSync('package.json', 'utf8'));
    const outside: string[] = JSON.parse(readFileSync('dist/outside.json', 'utf8'));
    const asked = { ...manifest.dependencies, ...manifest.peerDependencies };
    for (const name of outside) expect(asked[name]).toBe(root.dependencies[name]);
    expect(Object.keys(manifest.dependencies)).toEqual(['piscina']);
    const optional = Object.keys(manifest.peerDependenciesMeta);
    expect(Object.keys(manifest.peerDependencies).filter((name) => !optional.includes(name))).toEqual([
      'onnxruntime-node',
    ]);
    expect(manifest.version).toBe(root.version);
    expect(existsSync(join('dist/package', manifest.bin.nestor))).toBe(true);
    expect(existsSync('dist/package/dist/bundle/main.js')).toBe(true);
  });

  it('is found and understood by Node and by TypeScript, as publint and "Are the types wrong?" judge it', async () => {
    await execute(process.execPath, ['scripts/package.mjs']);
    await execute('npm', ['run', '--silent', 'lint:package'], { env: { ...process.env, PATH: elsewhere['PATH'] } });
  });
});

describeWithRegistry('the package, installed into an empty folder by the documented line', () => {
  const started = new Set<ReturnType<typeof spawn>>();
  afterEach(async () => {
    for (const child of started) process.kill(-child.pid!, 'SIGKILL');
    started.clear();
  });

  it(
    'serves a file, with one command',
    async () => {
      const folder = temporaryFolder();
      await execute(process.execPath, ['scripts/package.mjs']);
      const packed = await execute('npm', ['pack', '--json', '--pack-destination', folder, resolve('dist/package')], {
        env: elsewhere,
      });
      const [{ filename }] = JSON.parse(packed.stdout);
      const line = /^ONNXRUNTIME_NODE_INSTALL=skip npm install .*$/m.exec(
        readFileSync('docs/command-line.md', 'utf8'),
      )![0];
      // Without it npm would install into the nearest folder above that has a package.json.
      expect(line).toContain('--prefix .');
      await execute('sh', ['-c', `${line.replace(/\S+\.tgz/, `./${filename}`)} --no-audit --no-fund`], {
        cwd: folder,
        env: elsewhere,
      });
      expect(readdirSync(join(folder, 'node_modules'))).not.toContain('fastify');

      copyFileSync('models/housing/1/model.onnx', join(folder, 'model.onnx'));
      const args = ['nestor', 'serve', 'model.onnx', '--port', '0', '--grpc-port', '0', '--host', '127.0.0.1'];
      const child = spawn('npx', args, { cwd: folder, env: { ...elsewhere, DRAIN_SECONDS: '0' }, detached: true });
      started.add(child);
      let output = '';
      child.stdout.on('data', (chunk) => (output += chunk));
      child.stderr.on('data', (chunk) => (output += chunk));
      while (!/"url":"/.test(output)) {
        const ended = await Promise.race([once(child.stdout, 'data'), once(child, 'close').then(() => 'ended')]);
        if (ended === 'ended') throw new Error(output);
      }
      const response = await fetch(`${/"url":"([^"]+)"/.exec(output)![1]}/predict`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ features: [0, 6.575, 296, 15.3, 396.9, 4.98] }),
      });
      expect(await response.json()).toMatchObject({ prediction: [expect.closeTo(26.56, 1)] });
      process.kill(-child.pid!, 'SIGTERM');
      await once(child, 'close');
      started.clear();
    },
    5 * MINUTES,
  );
});
