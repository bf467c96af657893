import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { InferenceSession, OnnxValue } from 'onnxruntime-node';
import { noTensors, type Signature, type Tensor, type Tensors } from '#tensor';
import { datatypeOf, RUNTIME_TYPE } from './datatype.ts';
import { explainLoadFailure } from './load-failure.ts';
import { writeTensorOutputs } from './model-file/write-tensor-outputs.ts';
import { NativeSession } from './native-session.ts';
import { readSignature } from './signature.ts';
import { readWeights } from './source/read-weights.ts';
import { type ModelContent, requireUnchanged } from './source/model-content.ts';

/**
 * How long a thread of a run spins for its next piece of work before it sleeps: longer than the gaps between a model's operators,
 * shorter than what a thread that was put aside would make it burn. Sleeping and waking costs a text's run a tenth of its time.
 */
const SPIN_US = '50';

export interface SessionOptions {
  /** Threads that one run may use inside an operator. 1 keeps a row's result independent of its batch, and saves CPU. */
  readonly intraOpThreads: number;
}

/**
 * A loaded model that runs on the calling thread, which blocks the event loop. For models with short runs; `SessionPool` is
 * for the others.
 */
export class OnnxSession {
  /** Runs that can usefully be under way at once. */
  readonly concurrency = 1;
  readonly signature: Signature;
  /** Outputs of the model that cannot be returned: sequences and maps. */
  readonly unservedOutputs: readonly string[];

  readonly #session: NativeSession;
  readonly #outputs: readonly string[];
  #closed: Promise<void> | undefined;

  private constructor({ path, inputShapes }: ModelContent, session: NativeSession) {
    const { signature, unservedOutputs } = readSignature(path, session, inputShapes);
    this.#session = session;
    this.signature = signature;
    this.unservedOutputs = unservedOutputs;
    this.#outputs = signature.outputs.map((output) => output.name);
  }

  /**
   * Loads a model. Blocks the thread while the runtime reads it.
   * @throws ModelLoadError saying what is wrong with it and what to do, also where it is not what it was when it was read
   */
  static async open(model: ModelContent, options: SessionOptions): Promise<OnnxSession> {
    const session = await create(model, options);
    try {
      await requireUnchanged(model);
      return new OnnxSession(model, session);
    } catch (refusal) {
      session.dispose();
      throw refusal;
    }
  }

  /**
   * Runs the model once. Nothing is copied: the runtime reads the tensors' data in place, and the caller owns the
   * outputs. Datatypes and shapes must fit the signature; otherwise the runtime throws its own error.
   * @param outputs the requested outputs; all by default
   */
  async run(inputs: Tensors, outputs: readonly string[] = this.#outputs): Promise<Tensors> {
    const feeds = record<OnnxValue>();
    for (const { name } of this.signature.inputs) {
      const tensor = inputs[name];
      if (tensor === undefined) throw new TypeError(`The input "${name}" is missing.`);
      feeds[name] = toRuntime(tensor);
    }
    const fetches = record<null>();
    for (const name of outputs) fetches[name] = null;
    const results = this.#session.run(feeds, fetches);
    const tensors = noTensors();
    for (const name of outputs) tensors[name] = fromRuntime(results[name] as OnnxValue);
    return tensors;
  }

  /** Frees the model's memory. No run may be under way; later ones are rejected. */
  close(): Promise<void> {
    this.#closed ??= Promise.resolve().then(() => this.#session.dispose());
    return this.#closed;
  }
}

/** Without a prototype: a name is data, even "__proto__". */
const record = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

async function create(model: ModelContent, options: SessionOptions): Promise<NativeSession> {
  const { path, opset } = model;
  try {
    const bytes = bytesOf(model);
    return bytes === undefined
      ? new NativeSession(path, runtimeOptions(options, model))
      : new NativeSession(bytes, runtimeOptions(options, model, dirname(path)));
  } catch (thrown) {
    await requireUnchanged(model);
    throw explainLoadFailure(path, opset, thrown);
  }
}

/** The bytes that the runtime is to read; undefined where it reads the file itself. */
function bytesOf({ path, bytes, replaced, externalData }: ModelContent): Uint8Array | undefined {
  if (replaced.length === 0 && externalData !== 'read') return bytes;
  const own = bytes ?? readFileSync(path);
  const whole = externalData === 'read' ? readWeights(own, path) : own;
  return replaced.length === 0 ? whole : writeTensorOutputs(whole, replaced);
}

/** @param folder the folder of external data, for a model in memory */
function runtimeOptions(
  { intraOpThreads }: SessionOptions,
  { faultyOptimizers }: ModelContent,
  folder?: string,
): InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: intraOpThreads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Failed runs reject their promise; the runtime's own lines on stderr would only repeat them, past the log.
    logSeverityLevel: 4,
    extra: {
      ...(faultyOptimizers.length > 0 && {
        optimization: { disable_specified_optimizers: faultyOptimizers.join(';') },
      }),
      session: {
        // Threads spin during a run, never after it: that would burn the CPU quota that other threads of a container need.
        intra_op: { allow_spinning: '1', spin_duration_us: SPIN_US },
        force_spinning_stop: '1',
        // Work is handed out in smaller and smaller pieces: a thread that waits for a CPU holds the others up less.
        dynamic_block_base: '4',
        ...(folder !== undefined && { model_external_initializers_file_folder_path: folder }),
      },
    },
  };
}

/**
 * A plain object, because the runtime's Tensor class copies FP16 bits into a type that its own addon refuses, and
 * because making one costs more than a small model's run. The addon checks type, size and shape itself.
 */
function toRuntime(tensor: Tensor): OnnxValue {
  return {
    type: RUNTIME_TYPE[tensor.datatype],
    dims: tensor.shape,
    data: tensor.data,
    location: 'cpu',
  } as unknown as OnnxValue;
}

function fromRuntime(value: OnnxValue): Tensor {
  const datatype = datatypeOf(value.type);
  if (datatype === undefined) throw new TypeError(`The runtime returned a tensor of type ${value.type}.`);
  const data = value.data;
  if (datatype !== 'FP16') return { datatype, shape: value.dims, data };
  const bits = data as Uint16Array; // a Float16Array in truth, where the platform has one: the same bytes
  return { datatype, shape: value.dims, data: new Uint16Array(bits.buffer, bits.byteOffset, bits.length) };
}
