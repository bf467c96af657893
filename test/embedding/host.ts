import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { type Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { elsewhere } from '../registry.ts';
import { codeBlocks } from '../walkthrough.ts';

const execute = promisify(execFile);
const HERE = import.meta.dirname;
const TSC = resolve('node_modules/typescript/bin/tsc');

/** Packs the package as it would be published. */
export async function pack(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-embedding-'));
  await execute(process.execPath, ['scripts/package.mjs']);
  const packed = await execute('npm', ['pack', '--json', '--pack-destination', folder, resolve('dist/package')], {
    env: elsewhere,
  });
  return join(folder, JSON.parse(packed.stdout)[0].filename);
}

/** An empty folder with somebody's dependencies and the package, in which applications are written, compiled and run. */
export class Host {
  readonly folder = mkdtempSync(join(tmpdir(), 'nestor-host-'));

  static async install(name: string, tarball: string): Promise<Host> {
    const host = new Host();
    copyFileSync(join(HERE, name, 'package.json'), join(host.folder, 'package.json'));
    await execute('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: host.folder, env: elsewhere });
    cpSync('models/housing', join(host.folder, 'models/housing'), { recursive: true });
    await host.run('npx', 'nestor', 'types', 'models/housing', '--out', 'src/housing.ts');
    return host;
  }

  /** Writes the files that the guide shows. */
  writeGuide(): void {
    for (const { file, text } of codeBlocks(readFileSync('docs/embedding.md', 'utf8')))
      if (file) this.write(file, text);
  }

  copy(app: string): void {
    cpSync(join(HERE, 'apps', app), this.folder, { recursive: true });
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Compiles `src` to `dist`, also what the package's declarations say. */
  async compile(type: 'module' | 'commonjs'): Promise<void> {
    const manifest = JSON.parse(readFileSync(join(this.folder, 'package.json'), 'utf8'));
    this.write('package.json', JSON.stringify({ ...manifest, type }));
    const compilerOptions = {
      ...{ target: 'es2023', module: 'nodenext', strict: true, types: ['node'], rootDir: 'src', outDir: 'dist' },
      ...{ experimentalDecorators: true, emitDecoratorMetadata: true, skipLibCheck: true },
    };
    const exclude = ['src/*.spec.ts'];
    this.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'], exclude }));
    await this.check();
  }

  /** Runs the compiler of TypeScript. */
  async check(...args: readonly string[]): Promise<void> {
    await this.run(process.execPath, TSC, ...args).catch(({ stdout }) => {
      throw new Error(stdout);
    });
  }

  /** Runs a command to its end, which must be a good one. */
  run(command: string, ...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
    return execute(command, args, { cwd: this.folder, env: elsewhere });
  }

  /** Starts `dist/main.js`, and answers once it listens. */
  async start(node = process.execPath): Promise<App> {
    const port = await freePort();
    const env = { ...elsewhere, PORT: `${port}`, NO_COLOR: '1' };
    const child = spawn(node, ['dist/main.js'], { cwd: this.folder, env, detached: true });
    const app = new App(child, `http://127.0.0.1:${port}`);
    await app.listening();
    return app;
  }
}

/** A request that an application has taken, and that has no body yet. */
export class BegunRequest {
  readonly #sent: ClientRequest;
  readonly #body: string;

  constructor(sent: ClientRequest, body: string) {
    this.#sent = sent;
    this.#body = body;
  }

  /** Sends the body, and answers with the status. */
  async end(): Promise<number> {
    this.#sent.end(this.#body);
    const [response] = (await once(this.#sent, 'response')) as [IncomingMessage];
    await text(response);
    return response.statusCode!;
  }
}

/** An application that runs. */
export class App {
  stdout = '';
  stderr = '';
  readonly #child: ReturnType<typeof spawn>;
  readonly #url: string;

  constructor(child: ReturnType<typeof spawn>, url: string) {
    this.#child = child;
    this.#url = url;
    child.stdout!.on('data', (chunk) => (this.stdout += chunk));
    child.stderr!.on('data', (chunk) => (this.stderr += chunk));
  }

  /** It takes connections; Nest says that it has started just before. */
  async listening(): Promise<void> {
    while (!(await this.get('/health').catch(() => undefined))) {
      if (this.#child.exitCode !== null) throw new Error(this.stdout + this.stderr);
      await delay(50);
    }
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.#url}${path}`);
  }

  post(path: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(`${this.#url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** Sends the head of a request, and answers once the application has taken it and waits for the body. */
  async begin(path: string, body: object, agent: Agent): Promise<BegunRequest> {
    const json = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': json.length, expect: '100-continue' };
    const sent = request(`${this.#url}${path}`, { method: 'POST', headers, agent });
    sent.flushHeaders();
    await once(sent, 'continue');
    return new BegunRequest(sent, json);
  }

  /** It takes no connection any more. */
  async closed(): Promise<void> {
    while (
      await this.get('/health').then(
        ({ ok }) => ok,
        ({ cause }) => cause.code !== 'ECONNREFUSED',
      )
    )
      await delay(10);
  }

  /** Tells it to stop, and answers how it ended. */
  async stop(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    const [code, signal] = await closed;
    return { code, signal };
  }

  kill(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) process.kill(-this.#child.pid!, 'SIGKILL');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
