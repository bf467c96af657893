import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { imageEnvironment } from './image-environment.ts';
import { type Usage, usageOfOne } from './process-tree.ts';

/** The server's own count of its open parts. */
export interface OpenParts {
  readonly sessions: number;
  readonly workers: number;
}

const START_MS = 60_000;

/** Nestor in a separate process that also reports how many sessions and workers are open. */
export class NestorProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child;
    this.#folder = folder;
    this.url = url;
  }

  /** @throws Error with its log if it does not become ready */
  static async start(env: Readonly<Record<string, string>>): Promise<NestorProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
    const log = openSync(join(folder, 'output'), 'w');
    const child = fork('benchmarks/servers/counted-nestor.ts', {
      env: { PATH: process.env['PATH'], ...imageEnvironment, HOST: '127.0.0.1', PORT: '0', GRPC_PORT: '0', ...env },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    const ready = once(child, 'message') as Promise<[string]>;
    const first = await Promise.race([ready, once(child, 'exit'), sleep(START_MS, [], { ref: false })]);
    if (typeof first[0] !== 'string') {
      child.kill('SIGKILL');
      throw new Error(`Nestor did not start:\n${readFileSync(join(folder, 'output'), 'utf8').slice(-2000)}`);
    }
    return new NestorProcess(child, folder, first[0]);
  }

  usage(): Usage {
    return usageOfOne(this.#child.pid!);
  }

  async openParts(): Promise<OpenParts> {
    const answer = once(this.#child, 'message') as Promise<[OpenParts]>;
    this.#child.send('count');
    return (await answer)[0];
  }

  /** Stops it, if it still runs. @returns its exit code */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    rmSync(this.#folder, { recursive: true, force: true });
    return child.exitCode;
  }
}
