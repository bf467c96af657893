import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { usageOfOne } from '../../benchmarks/process-tree.ts';
import { allocate, type Datatype, type Tensor } from '#tensor';
import type { SuiteTensor } from './backend-test.ts';
import type { RunOrder } from './runtime-run.ts';

/** A run of a small model that takes more processor time never ends. */
const LONGEST_CPU_SECONDS = 4;
const POLL_MS = 100;

/** ONNX Runtime in a process of its own, and in a new one after each run that was its last. */
export class RuntimeProcess {
  #child: ChildProcess | undefined;

  /** Runs a model. @returns how the run ended the process, such as `SIGABRT`; undefined where it did not */
  async run(path: string, inputs: readonly SuiteTensor[]): Promise<string | undefined> {
    const child = (this.#child ??= fork(join(import.meta.dirname, 'runtime-run.ts'), { serialization: 'advanced' }));
    const over = new AbortController();
    const { signal } = over;
    const survived = once(child, 'message', { signal }).then(() => 'survived');
    const ended = once(child, 'exit', { signal }).then(([code, by]) => String(by ?? `exit code ${code}`));
    const endless = this.#busyFor(child.pid!, signal);
    const order: RunOrder = {
      path,
      inputs: Object.fromEntries(inputs.map((tensor) => [tensor.name, tensorOf(tensor)])),
    };
    child.send(order);
    const how = await Promise.race([survived, ended, endless]);
    for (const other of [survived, ended, endless]) other.catch(() => undefined);
    over.abort();
    if (how === 'survived') return undefined;
    await this.end();
    return how;
  }

  async #busyFor(pid: number, signal: AbortSignal): Promise<string> {
    const before = usageOfOne(pid).cpuSeconds;
    while (usageOfOne(pid).cpuSeconds - before < LONGEST_CPU_SECONDS) await sleep(POLL_MS, undefined, { signal });
    return 'never ends';
  }

  async end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
}

function tensorOf({ datatype, shape, bytes, values }: SuiteTensor): Tensor {
  if (datatype === 'BYTES') return { datatype, shape, data: Array.from(values, String) };
  const data = allocate(datatype as Exclude<Datatype, 'BYTES'>, values.length);
  new Uint8Array(data.buffer).set(bytes);
  return { datatype: datatype as Datatype, shape, data };
}
