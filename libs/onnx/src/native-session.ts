import type { InferenceSession, OnnxValue } from 'onnxruntime-node';
import { nodeRequire } from './node-itself.ts';
// It prepares the process for the addon.
import './runtime.ts';

/** What the addon reports about an input or output. */
export interface NativeMetadata {
  readonly name: string;
  /** False for sequences, maps and optionals, for which the addon reports nothing else. */
  readonly isTensor: boolean;
  /** A number of ONNX's TensorProto.DataType. */
  readonly type: number;
  /** -1 for an open dimension. */
  readonly shape: readonly number[];
}

/** What the addon's class does, all on the calling thread. */
interface AddonSession {
  readonly inputMetadata: readonly NativeMetadata[];
  readonly outputMetadata: readonly NativeMetadata[];
  loadModel(path: string, options: InferenceSession.SessionOptions): void;
  loadModel(bytes: ArrayBufferLike, offset: number, length: number, options: InferenceSession.SessionOptions): void;
  run(
    feeds: Readonly<Record<string, OnnxValue>>,
    fetches: Readonly<Record<string, null>>,
    options: object,
  ): Record<string, OnnxValue>;
  dispose(): void;
}

interface Binding {
  readonly binding: { readonly InferenceSession: new () => AddonSession };
  readonly initOrt: () => void;
}

/**
 * The runtime's addon, without the promises that its package puts around it: `InferenceSession.run` there waits for
 * `setImmediate` before it runs on the same thread all the same. That takes each run a turn of the event loop longer,
 * in which hundreds of requests may be read, and makes it look as if the model took that time.
 *
 * Source: onnxruntime-node 1.30.0, dist/backend.js and dist/binding.js; the package is pinned.
 */
const { binding, initOrt } = nodeRequire('onnxruntime-node/dist/binding.js') as Binding;

/** A session of the runtime on this thread. */
export class NativeSession {
  readonly inputs: readonly NativeMetadata[];
  readonly outputs: readonly NativeMetadata[];
  readonly #addon: AddonSession;

  /**
   * Blocks the thread while the model is loaded.
   * @param model its file, or its bytes
   * @throws Error with the runtime's words
   */
  constructor(model: string | Uint8Array, options: InferenceSession.SessionOptions) {
    initOrt();
    this.#addon = new binding.InferenceSession();
    if (typeof model === 'string') this.#addon.loadModel(model, options);
    else this.#addon.loadModel(model.buffer, model.byteOffset, model.byteLength, options);
    this.inputs = this.#addon.inputMetadata;
    this.outputs = this.#addon.outputMetadata;
  }

  /** Blocks the thread while the model runs. @throws Error with the runtime's words */
  run(feeds: Readonly<Record<string, OnnxValue>>, fetches: Readonly<Record<string, null>>): Record<string, OnnxValue> {
    return this.#addon.run(feeds, fetches, {});
  }

  dispose(): void {
    this.#addon.dispose();
  }
}
