import { NestorError } from '#errors';
import { BYTES_PER_ELEMENT, byteLength, type Datatype, elementCount, type Tensor, type Tensors } from '#tensor';
import type { Job } from './job.ts';

/** One input of a kind: its elements and bytes per row are worked out once, not once a job. */
interface Column {
  readonly name: string;
  readonly datatype: Datatype;
  /** The dimensions after the first. */
  readonly inner: readonly number[];
  /** Elements a row. */
  readonly stride: number;
}

/** What jobs must have in common to share a batch: input names, datatypes, dimensions after the first, outputs wanted. */
export class Kind {
  /** Of jobs that run whole: nothing is asked of their shapes, and none shares a run with another. */
  static readonly WHOLE = new Kind([], undefined);

  readonly columns: readonly Column[];
  readonly outputs: readonly string[] | undefined;
  /** Bytes a row, strings apart. */
  readonly #rowBytes: number;
  readonly #texts: readonly string[];

  private constructor(columns: readonly Column[], outputs: readonly string[] | undefined) {
    this.columns = columns;
    this.outputs = outputs;
    this.#rowBytes = columns.reduce((sum, { stride, datatype }) => sum + stride * BYTES_PER_ELEMENT[datatype], 0);
    this.#texts = columns.filter(({ datatype }) => datatype === 'BYTES').map(({ name }) => name);
  }

  /** @throws NestorError INVALID_TENSOR where an input's first dimension is not the job's rows. */
  static of(job: Job): Kind {
    const columns = Object.entries(job.inputs).map(([name, { datatype, shape }]) => {
      if (shape[0] !== job.rows) {
        throw new NestorError(
          'INVALID_TENSOR',
          `Input "${name}" has shape [${shape.join(', ')}]; its first dimension must be the ${job.rows} row(s) of the request.`,
        );
      }
      const inner = shape.slice(1);
      return { name, datatype, inner, stride: elementCount(inner) };
    });
    return new Kind(columns, job.outputs);
  }

  fits(job: Job): boolean {
    const { columns } = this;
    const { inputs } = job;
    for (let at = 0; at < columns.length; at += 1) {
      const column = columns[at]!;
      const tensor = inputs[column.name];
      if (tensor === undefined || !sameRow(tensor, column, job.rows)) return false;
    }
    let inputCount = 0;
    for (const _ in inputs) inputCount += 1;
    return inputCount === columns.length && sameNames(this.outputs, job.outputs);
  }

  /** Bytes that a job of this kind holds. */
  bytes(job: Job): number {
    let bytes = job.rows * this.#rowBytes;
    for (const name of this.#texts) bytes += byteLength(job.inputs[name]!);
    return bytes;
  }
}

/** Bytes that tensors of any kind hold. */
export function bytesOf(inputs: Tensors): number {
  let bytes = 0;
  for (const name in inputs) bytes += byteLength(inputs[name]!);
  return bytes;
}

const MOST_KINDS = 16;

/** The kinds met lately, the latest first: nearly every job is of the first. */
export class Kinds {
  readonly #latest: Kind[] = [];

  /** @throws NestorError INVALID_TENSOR as `Kind.of`. */
  of(job: Job): Kind {
    const first = this.#latest[0];
    if (first?.fits(job)) return first;
    const at = this.#latest.findIndex((kind) => kind.fits(job));
    const kind = at === -1 ? Kind.of(job) : this.#latest.splice(at, 1)[0]!;
    this.#latest.unshift(kind);
    // A kind that is forgotten and met again is another object: its jobs only miss the batch of the earlier ones.
    if (this.#latest.length > MOST_KINDS) this.#latest.pop();
    return kind;
  }
}

function sameRow({ datatype, shape }: Tensor, column: Column, rows: number): boolean {
  const { inner } = column;
  if (datatype !== column.datatype || shape.length !== inner.length + 1 || shape[0] !== rows) return false;
  for (let at = 0; at < inner.length; at += 1) if (shape[at + 1] !== inner[at]) return false;
  return true;
}

function sameNames(some: readonly string[] | undefined, others: readonly string[] | undefined): boolean {
  if (some === others) return true;
  if (some?.length !== others?.length) return false;
  return some!.every((name, at) => name === others![at]);
}
