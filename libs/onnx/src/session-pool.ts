import type { Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import type { Signature, Tensors } from '#tensor';
import { entryFile } from './entry-file.ts';
import { ModelLoadError } from './model-load-error.ts';
import type { SessionOptions } from './onnx-session.ts';
import type { ModelContent } from './source/model-content.ts';
import { buffersOf, copyOf } from './transfer.ts';
import type { OpenedModel, Refused, WorkerModel, WorkerRan, WorkerTask } from './worker-messages.ts';

export interface PoolOptions extends SessionOptions {
  /** Threads, each with a session of its own: memory for the model is held once for each. */
  readonly workers: number;
}

type Threads = Piscina<WorkerTask, WorkerRan | OpenedModel | Refused>;

/**
 * A loaded model that runs in worker threads, so that the event loop goes on meanwhile. A run costs a round trip between
 * threads more than `OnnxSession`, and one copy of its inputs. A thread that dies rejects its own run and is replaced.
 */
export class SessionPool {
  /** Runs that can usefully be under way at once: the number of threads. */
  readonly concurrency: number;
  readonly signature: Signature;
  /** Outputs that the model has and that cannot be returned: sequences and maps. */
  readonly unservedOutputs: readonly string[];

  readonly #pool: Threads;
  #closed: Promise<void> | undefined;

  private constructor(pool: Threads, { workers }: PoolOptions, opened: OpenedModel) {
    this.#pool = pool;
    this.concurrency = workers;
    this.signature = opened.signature;
    this.unservedOutputs = opened.unservedOutputs;
  }

  /**
   * Starts the threads and loads the model in each; resolves when all are ready.
   * @throws ModelLoadError saying what is wrong with the file and what to do
   */
  static async open(model: ModelContent, options: PoolOptions): Promise<SessionPool> {
    const { path, bytes, digest, files, opset, inputShapes, replaced, faultyOptimizers, externalData } = model;
    const content = {
      path,
      digest,
      files,
      opset,
      replaced,
      faultyOptimizers,
      externalData,
      ...(bytes && { bytes }),
      ...(inputShapes && { inputShapes }),
    };
    const session = { intraOpThreads: options.intraOpThreads };
    const pool = await startThreads({ content, options: session }, options.workers);
    // One task at a time goes to a thread, so as many tasks as threads reach each of them.
    const openings = Array.from({ length: options.workers }, () => pool.run({}) as Promise<OpenedModel | Refused>);
    try {
      const [first] = (await Promise.all(openings)).map(orThrow);
      return new SessionPool(pool, options, first!);
    } catch (error) {
      await Promise.allSettled(openings);
      await pool.destroy();
      throw error;
    }
  }

  /** The threads alive now. */
  get threads(): readonly Worker[] {
    return this.#pool.threads;
  }

  /**
   * Runs the model once, in a thread that is free; waits for one where none is. The inputs stay the caller's.
   * @param outputs the outputs wanted; all, where it is left out
   * @throws ModelLoadError where the thread took a dead one's place and the model cannot be opened any more
   */
  async run(inputs: Tensors, outputs?: readonly string[]): Promise<Tensors> {
    // The pool itself would start new threads for a run after its end.
    if (this.#closed) throw new Error('The session pool is closed.');
    const copies = copyOf(inputs);
    const ran = this.#pool.run({ run: { inputs: copies, outputs } }, { transferList: buffersOf(copies) });
    return orThrow((await ran) as WorkerRan | Refused).outputs;
  }

  /**
   * Waits for the runs under way, however long they take, then ends the threads, and with them the sessions. Later runs
   * are rejected. The process must not exit before: it would wait for the same runs, and then abort.
   */
  close(): Promise<void> {
    this.#closed ??= this.#pool.close();
    return this.#closed;
  }
}

/**
 * The longest timer there is. A thread must not be ended during a run: the runtime's addon then finds its JavaScript gone
 * and aborts the whole process (onnxruntime-node 1.30).
 */
const NEVER_MS = 2 ** 31 - 1;

/** Piscina is loaded with the first pool: a server of small models only starts faster without it. */
async function startThreads(model: WorkerModel, workers: number): Promise<Threads> {
  const { Piscina } = await import('piscina');
  const pool: Threads = new Piscina({
    ...entryFile(import.meta.url, 'worker'),
    minThreads: workers,
    maxThreads: workers,
    workerData: model,
    recordTiming: false,
    closeTimeout: NEVER_MS,
  });
  // A thread that dies while idle is replaced; without a listener its error would end the process.
  pool.on('error', () => undefined);
  return pool;
}

function orThrow<Answer extends object>(answer: Answer | Refused): Answer {
  if ('refusal' in answer) throw new ModelLoadError(answer.refusal.path, answer.refusal.detail);
  return answer;
}
