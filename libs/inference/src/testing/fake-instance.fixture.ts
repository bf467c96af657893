import type { Tensors } from '#tensor';
import type { Instance } from '../instance.ts';
import type { Job } from '../job.ts';
import { Scheduler } from '../scheduler.ts';
import type { SchedulerOptions } from '../scheduler-options.ts';

/** Rows of two numbers; a row whose first number is negative makes its run throw. */
export const rowsOf = (values: readonly number[]): Tensors => ({
  x: { datatype: 'FP32', shape: [values.length, 2], data: Float32Array.from(values.flatMap((value) => [value, 1])) },
  name: { datatype: 'BYTES', shape: [values.length], data: values.map(String) },
});

export const jobOf = (values: readonly number[], more: Partial<Job> = {}): Job => ({
  inputs: rowsOf(values),
  rows: values.length,
  deadline: Infinity,
  ...more,
});

export interface Answer {
  readonly twice: readonly number[];
  readonly label: readonly string[];
}

/** What the fake model answers to rows of `values`. */
export const answerTo = (values: readonly number[]): Answer => ({
  twice: values.map((value) => value * 2 + 1),
  label: values.map((value) => `<${value}>`),
});

export function plain(outputs: Tensors): Answer {
  return {
    twice: Array.from(outputs['twice']!.data as Float32Array),
    label: [...(outputs['label']!.data as string[])],
  };
}

/** A model in code: row by row, with every run recorded, held until released where asked. */
export class FakeInstance implements Instance {
  readonly concurrency: number;
  readonly runs: number[][] = [];
  mostAtOnce = 0;
  held = false;
  #atOnce = 0;
  #waiting: (() => void)[] = [];

  constructor(concurrency = 1) {
    this.concurrency = concurrency;
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const { x, name } = inputs as unknown as { x: { data: Float32Array }; name: { data: string[] } };
    const values = Array.from({ length: name.data.length }, (_, row) => x.data[row * 2]!);
    this.runs.push(values);
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    if (this.held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#atOnce -= 1;
    if (values.some((value) => value < 0)) throw new Error('negative row');
    return {
      twice: {
        datatype: 'FP32',
        shape: [values.length],
        data: Float32Array.from(values, (value, row) => value * 2 + x.data[row * 2 + 1]!),
      },
      label: { datatype: 'BYTES', shape: [values.length, 1], data: name.data.map((text) => `<${text}>`) },
    };
  }

  /** Lets the oldest run that is held end. */
  releaseOne(): void {
    this.#waiting.shift()?.();
  }

  releaseAll(): void {
    this.held = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export const schedulerOf = (instance: Instance, options: Partial<SchedulerOptions> = {}): Scheduler =>
  new Scheduler(instance, {
    maxBatchSize: 8,
    maxBatchWaitMs: 0,
    maxQueueMs: 1e6,
    maxQueuedBytes: 1e6,
    ...options,
  });

/** One turn of the event loop, with all that it makes due. */
export const turn = (): Promise<void> => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
