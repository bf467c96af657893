import { getPriority, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Tensors } from '#tensor';
import { ModelLoadError } from './model-load-error.ts';
import { OnnxSession } from './onnx-session.ts';
import { buffersOf } from './transfer.ts';
import type { WorkerModel, WorkerOpened, WorkerTask } from './worker-messages.ts';

/** Added to the thread's nice value: a tenth of the event loop's weight where both want the same CPU. */
const NICER_BY = 10;

const model = workerData as WorkerModel;
let session: Promise<OnnxSession> | undefined;

yieldToEventLoop();

/** The code of a worker thread: one session, opened at the first task and kept for the thread's life. */
export default async function work({ run }: WorkerTask): Promise<Tensors | WorkerOpened> {
  session ??= OnnxSession.open(model.path, model.options);
  if (run === undefined) return opened(session);
  const outputs = await (await session).run(run.inputs, run.outputs);
  return movedOut(outputs);
}

/** The outputs are this thread's own: their buffers go to the caller's thread without a copy. */
function movedOut(outputs: Tensors): Tensors {
  const moved = { [Piscina.transferableSymbol]: buffersOf(outputs), [Piscina.valueSymbol]: outputs };
  return Piscina.move(moved as never) as never;
}

async function opened(session: Promise<OnnxSession>): Promise<WorkerOpened> {
  try {
    const { signature, unservedOutputs } = await session;
    return { signature, unservedOutputs };
  } catch (error) {
    if (error instanceof ModelLoadError) return { refusal: { path: error.path, detail: error.detail } };
    throw error;
  }
}

/**
 * Runs take all the CPU they get: the event loop must have its turn before them, or probes and refusals wait for them where
 * workers have every CPU. On Linux a thread has a priority of its own; elsewhere it would be the whole process's.
 */
function yieldToEventLoop(): void {
  if (process.platform === 'linux') setPriority(getPriority() + NICER_BY);
}
