/**
 * Runs models on the Node binding in a process of its own, for some kernels end it and others never end. Whoever forked
 * it sends it one order after the other, and hears after each run that it was survived.
 */
import { OnnxSession, readSource } from '#onnx';
import type { Tensors } from '#tensor';

export interface RunOrder {
  readonly path: string;
  readonly inputs: Tensors;
}

let open: { readonly path: string; readonly session: OnnxSession } | undefined;

/** @throws what the runtime says where it refuses the file or the inputs */
async function carryOut({ path, inputs }: RunOrder): Promise<void> {
  if (open?.path !== path) {
    await open?.session.close();
    open = undefined;
    open = { path, session: await OnnxSession.open(await readSource(path), { intraOpThreads: 1 }) };
  }
  await open.session.run(inputs);
}

process.on('message', (order: RunOrder) => {
  carryOut(order).then(
    () => process.send!('answered'),
    () => process.send!('refused'),
  );
});
