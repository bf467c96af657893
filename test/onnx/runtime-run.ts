/**
 * Runs models on the Node binding in a process of its own, for some kernels end it and others never end. Whoever forked
 * it sends it one order after the other, and hears after each run that it is survived.
 */
import { OnnxSession } from '#onnx';
import type { Tensors } from '#tensor';

export interface RunOrder {
  readonly path: string;
  readonly inputs: Tensors;
}

let open: { readonly path: string; readonly session: OnnxSession } | undefined;

async function carryOut({ path, inputs }: RunOrder): Promise<void> {
  if (open?.path !== path) {
    await open?.session.close();
    open = { path, session: await OnnxSession.open(path, { intraOpThreads: 1 }) };
  }
  // What the runtime refuses is survived as well.
  const refusal = await open.session.run(inputs).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  process.send!({ refusal });
}

process.on('message', (order: RunOrder) => void carryOut(order));
