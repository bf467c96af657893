import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ServerProcess } from '../server-process.ts';
import { livez } from './servers.ts';

/** Measures how long a server takes for /livez. */
export class Liveness {
  readonly #worker = new Worker(new URL('livez-worker.ts', import.meta.url));

  /** @returns the result of `work`, and the longest time of /livez meanwhile */
  async during<T>({ port }: ServerProcess, work: () => Promise<T>): Promise<readonly [T, number]> {
    this.#worker.postMessage(livez(port));
    try {
      return [await work(), await this.#stop()];
    } catch (error) {
      await this.#stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #stop(): Promise<number> {
    const told = once(this.#worker, 'message') as Promise<[number]>;
    this.#worker.postMessage(undefined);
    return (await told)[0];
  }
}
