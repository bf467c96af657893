import type { SuiteTensor } from './backend-test.ts';
import type { NestorServer } from './nestor-server.ts';
import type { Values } from './values.ts';

/** A tensor as a protocol answered it. */
export interface AnsweredTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly values: Values;
}

/** What the server said: tensors, or an error with the protocol's own status. */
export type Reply =
  { readonly outputs: readonly AnsweredTensor[] } | { readonly status: string; readonly text: string };

/** One way to ask for the same tensors. */
export interface Protocol {
  readonly name: string;
  /** Why these inputs cannot be said in it. */
  cannotSay(inputs: readonly SuiteTensor[]): string | undefined;
  /** @throws NoReplyError where nothing came back in time, or the connection broke */
  ask(server: NestorServer, model: string, inputs: readonly SuiteTensor[]): Promise<Reply>;
}

/** The server broke the connection, or said nothing for as long as PATIENCE_MS. */
export class NoReplyError extends Error {}

/** Longer than the server's own deadline, so that a run that never ends is told from a server that is dead. */
export const PATIENCE_MS = 15_000;
