import type { Signature, Tensors } from '#tensor';
import type { SessionOptions } from './onnx-session.ts';
import type { ModelContent } from './source/model-content.ts';

/** What a worker thread is started with. */
export interface WorkerModel {
  readonly content: ModelContent;
  readonly options: SessionOptions;
}

/** One run; without one, the worker only opens its session. */
export interface WorkerTask {
  readonly run?: { readonly inputs: Tensors; readonly outputs: readonly string[] | undefined };
}

/** What a thread read off the model. */
export interface OpenedModel {
  readonly signature: Signature;
  readonly unservedOutputs: readonly string[];
}

export interface WorkerRan {
  readonly outputs: Tensors;
}

/** The model cannot be opened: errors lose their class between threads, so a refusal goes as data. */
export interface Refused {
  readonly refusal: { readonly path: string; readonly detail: string };
}
