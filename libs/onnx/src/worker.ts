import { constants, getPriority, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { freeBuffer, type Tensors } from '#tensor';
import { ModelLoadError } from './model-load-error.ts';
import { OnnxSession } from './onnx-session.ts';
import { buffersOf } from './transfer.ts';
import type { OpenedModel, Refused, WorkerModel, WorkerRan, WorkerTask } from './worker-messages.ts';

/** Added to the thread's nice value: a tenth of the event loop's weight where both want the same CPU. */
const NICER_BY = 10;
const { PRIORITY_LOW: NICEST } = constants.priority;

const model = workerData as WorkerModel;
let session: OnnxSession | undefined;

yieldToEventLoop();

/**
 * The code of a worker thread: one session, opened at the first task and kept for the thread's life. Where it cannot be
 * opened, the next task tries again.
 */
export default async function work({ run }: WorkerTask): Promise<WorkerRan | OpenedModel | Refused> {
  try {
    session ??= await OnnxSession.open(model.content, model.options);
  } catch (error) {
    if (error instanceof ModelLoadError) return { refusal: { path: error.path, detail: error.detail } };
    throw error;
  }
  if (run === undefined) return { signature: session.signature, unservedOutputs: session.unservedOutputs };
  const outputs = await session.run(run.inputs, run.outputs);
  freeInputs(run.inputs, outputs);
  return movedOut(outputs);
}

/** Gives the memory of a run's inputs back, but for what its outputs pass on. */
function freeInputs(inputs: Tensors, outputs: Tensors): void {
  const kept = new Set(buffersOf(outputs));
  for (const buffer of buffersOf(inputs)) if (!kept.has(buffer)) freeBuffer(buffer);
}

/** The outputs are this thread's own: their buffers go to the caller's thread without a copy. */
function movedOut(outputs: Tensors): WorkerRan {
  const moved = { [Piscina.transferableSymbol]: buffersOf(outputs), [Piscina.valueSymbol]: { outputs } };
  return Piscina.move(moved as never) as never;
}

/**
 * Runs take all the CPU they get: the event loop must have its turn before them, or probes and refusals wait for them where
 * workers have every CPU. On Linux a thread has a priority of its own; elsewhere it would be the whole process's.
 */
function yieldToEventLoop(): void {
  if (process.platform === 'linux') setPriority(Math.min(getPriority() + NICER_BY, NICEST));
}
