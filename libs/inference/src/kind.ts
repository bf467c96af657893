import { NestorError } from '#errors';
import { BYTES_PER_ELEMENT, byteLength, type Datatype, elementCount, type Tensor, type Tensors } from '#tensor';
import type { Job } from './job.ts';

/** One input of a kind: its elements and bytes per row are computed once, not once per job. */
export interface Column {
  readonly name: string;
  readonly datatype: Datatype;
  /** The dimensions after the first. */
  readonly inner: readonly number[];
  /** Elements per row; if rows are padded, of the first job of the kind. */
  readonly stride: number;
  /** The value that pads shorter rows. */
  readonly padding?: Padding | undefined;
}

/** The values that pad an input's shorter rows. */
export type Padding = number | bigint;
/** By the input's name. Such inputs are [rows, length], all of one length. */
export type Paddings = Readonly<Record<string, Padding>>;

/**
 * What jobs must have in common to share a batch: input names, datatypes, dimensions after the first, requested outputs. If
 * rows are padded, nearly equal lengths count as the same.
 */
export class Kind {
  /** The kind of jobs that run whole: their shapes do not matter, and none shares a run. */
  static readonly WHOLE = new Kind([], undefined);

  readonly columns: readonly Column[];
  readonly outputs: readonly string[] | undefined;
  /** Bytes per row, without strings. */
  readonly #rowBytes: number;
  readonly #texts: readonly string[];
  readonly #isPadded: boolean;

  private constructor(columns: readonly Column[], outputs: readonly string[] | undefined) {
    this.columns = columns;
    this.outputs = outputs;
    this.#rowBytes = columns.reduce((sum, { stride, datatype }) => sum + stride * BYTES_PER_ELEMENT[datatype], 0);
    this.#texts = columns.filter(({ datatype }) => datatype === 'BYTES').map(({ name }) => name);
    this.#isPadded = columns.some(({ padding }) => padding !== undefined);
  }

  /** @throws NestorError INVALID_TENSOR where an input's first dimension is not the job's rows. */
  static of(job: Job, paddings: Paddings = {}): Kind {
    const columns = Object.entries(job.inputs).map(([name, { datatype, shape }]) => {
      if (shape[0] !== job.rows) {
        throw new NestorError(
          'INVALID_TENSOR',
          `Input "${name}" has shape [${shape.join(', ')}]; its first dimension must be the ${job.rows} row(s) of the request.`,
        );
      }
      const inner = shape.slice(1);
      return { name, datatype, inner, stride: elementCount(inner), padding: paddings[name] };
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
    if (this.#isPadded) return bytesOf(job.inputs);
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

const MOST_KINDS = 64;

/** The recent kinds, the latest first: nearly every job is of the first kind. */
export class Kinds {
  readonly #latest: Kind[] = [];
  readonly #paddings: Paddings | undefined;
  /** An input whose rows are padded. */
  readonly #padded: string | undefined;

  constructor(paddings?: Paddings) {
    this.#paddings = paddings;
    [this.#padded] = Object.keys(paddings ?? {});
  }

  /** How much of a run one row of a job takes: its length, where rows are padded; else 1. */
  rowSize({ inputs }: Job): number {
    return this.#padded === undefined ? 1 : Math.max(1, inputs[this.#padded]!.shape[1]!);
  }

  /** @throws NestorError INVALID_TENSOR as `Kind.of`. */
  of(job: Job): Kind {
    const first = this.#latest[0];
    if (first?.fits(job)) return first;
    const at = this.#latest.findIndex((kind) => kind.fits(job));
    const kind = at === -1 ? Kind.of(job, this.#paddings) : this.#latest.splice(at, 1)[0]!;
    this.#latest.unshift(kind);
    // A forgotten kind that comes again is a new object: its jobs merely miss the batch of the earlier ones.
    if (this.#latest.length > MOST_KINDS) this.#latest.pop();
    return kind;
  }
}

function sameRow({ datatype, shape }: Tensor, column: Column, rows: number): boolean {
  const { inner } = column;
  if (datatype !== column.datatype || shape.length !== inner.length + 1 || shape[0] !== rows) return false;
  if (column.padding !== undefined) return lengthClass(shape[1]!) === lengthClass(inner[0]!);
  for (let at = 0; at < inner.length; at += 1) if (shape[at + 1] !== inner[at]) return false;
  return true;
}

/** Steps between a length and its double: rows of one class are padded by at most an eighth of their length. */
const CLASSES_PER_DOUBLING = 8;

/** Lengths of the same class may share a run. */
export function lengthClass(length: number): number {
  const step = Math.max(1, 2 ** Math.floor(Math.log2(length)) / CLASSES_PER_DOUBLING);
  return Math.ceil(length / step) * step;
}

function sameNames(some: readonly string[] | undefined, others: readonly string[] | undefined): boolean {
  if (some === others) return true;
  if (some?.length !== others?.length) return false;
  return some!.every((name, at) => name === others![at]);
}
