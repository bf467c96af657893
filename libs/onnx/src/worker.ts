import { workerData } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Tensors } from '#tensor';
import { ModelLoadError } from './model-load-error.ts';
import { OnnxSession } from './onnx-session.ts';
import { buffersOf } from './transfer.ts';
import type { WorkerModel, WorkerOpened, WorkerTask } from './worker-messages.ts';

const model = workerData as WorkerModel;
let session: Promise<OnnxSession> | undefined;

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
