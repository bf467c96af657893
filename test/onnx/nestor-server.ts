import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { usageOfOne } from '../../benchmarks/process-tree.ts';

const MAIN = 'dist/bundle/main.js';
/** Answers whatever the others do, so that a start is not stopped where none of them can be served. */
const SENTINEL = 'test/models/identity-fp32/1/model.onnx';
/** A start that takes more processor time never ends: it is counted so that a busy machine does not matter. */
const BASE_CPU_SECONDS = 15;
const CPU_SECONDS_EACH = 0.3;
const LIVE_MS = 5000;
const STOP_MS = 5000;
const POLL_MS = 20;

/** A model file, and the name under which it is served. */
export interface ServedFile {
  readonly name: string;
  readonly path: string;
}

/** The process ended or stood still. */
export type Loss = 'crashed' | 'hung';

/** None of them outlives the suite. */
const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

/** The built server with a folder of bare model files, as a process of its own. */
export class NestorServer {
  url = '';
  /** Where it listens for gRPC. */
  grpc = '';
  readonly #folder = mkdtempSync(join(tmpdir(), 'nestor-onnx-'));
  readonly #log = join(this.#folder, 'log');
  readonly #child: ChildProcess;

  private constructor(models: readonly ServedFile[]) {
    const folder = join(this.#folder, 'models');
    mkdirSync(folder);
    for (const { name, path } of [...models, { name: 'sentinel', path: SENTINEL }])
      symlinkSync(resolve(path), join(folder, `${name}.onnx`));
    const log = openSync(this.#log, 'w');
    this.#child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env['PATH'],
        ...{ HOST: '127.0.0.1', PORT: '0', GRPC_PORT: '0', MODELS: folder, DRAIN_SECONDS: '0' },
        // The suite judges answers: on a busy machine a request may wait longer than the default allows.
        MAX_QUEUE_MS: '60000',
        REQUEST_TIMEOUT_SECONDS: '10',
        // A load that never ends is to be refused before it counts as hung.
        LOAD_TIMEOUT_SECONDS: '10',
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    running.add(this.#child);
  }

  /** Starts it, and says how that was lost where it does not become ready. */
  static async start(models: readonly ServedFile[]): Promise<NestorServer | Loss> {
    const server = new NestorServer(models);
    const longestSeconds = BASE_CPU_SECONDS + models.length * CPU_SECONDS_EACH;
    while (!server.#findAddresses(readFileSync(server.#log, 'utf8'))) {
      const { cpuSeconds } = usageOfOne(server.#child.pid!);
      const loss = server.exited ? 'crashed' : cpuSeconds > longestSeconds ? 'hung' : undefined;
      if (loss !== undefined) {
        await server.stop();
        return loss;
      }
      await sleep(POLL_MS);
    }
    return server;
  }

  get exited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** How it was lost, after a request without a reply; undefined where it lives. */
  async lost(): Promise<Loss | undefined> {
    const live = await fetch(`${this.url}/livez`, { signal: AbortSignal.timeout(LIVE_MS) }).catch(() => undefined);
    if (live?.ok === true) return undefined;
    await sleep(POLL_MS);
    return this.exited ? 'crashed' : 'hung';
  }

  /** @throws where it does not answer */
  async get(path: string): Promise<any> {
    const response = await fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(LIVE_MS) });
    return response.json();
  }

  async stop(): Promise<void> {
    if (!this.exited) {
      const exit = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
      await exit;
      clearTimeout(late);
    }
    running.delete(this.#child);
    rmSync(this.#folder, { recursive: true });
  }

  #findAddresses(log: string): boolean {
    const url = /"url":"([^"]+)"/.exec(log)?.[1];
    const grpc = /"grpc":"([^"]+)"/.exec(log)?.[1];
    if (url === undefined || grpc === undefined) return false;
    [this.url, this.grpc] = [url.replace('localhost', '127.0.0.1'), grpc];
    return true;
  }
}
