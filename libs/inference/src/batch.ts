import { allocate, type Datatype, elementCount, type Tensor, type TensorData, type Tensors } from '#tensor';
import type { Ticket } from './job.ts';

/** Rows `from` to `from + rows` of a job: what one run takes of it. */
export interface Part {
  readonly ticket: Ticket;
  readonly from: number;
  readonly rows: number;
}

/** A run whose outputs cannot be told apart by rows. */
export class MisshapenOutput extends Error {
  override readonly name = 'MisshapenOutput';
}

/** Copies rows between arrays of one datatype. Typed arrays differ in type alone here, so one stands for all. */
export function copyInto(target: TensorData, source: TensorData, at: number): void {
  if (Array.isArray(target)) for (let i = 0; i < source.length; i += 1) target[at + i] = source[i] as string;
  else (target as Float32Array).set(source as Float32Array, at);
}

/** Elements `from` to `to`: a view, or for strings a slice. */
export function viewOf(data: TensorData, from: number, to: number): TensorData {
  return Array.isArray(data) ? data.slice(from, to) : data.subarray(from, to);
}

const tensor = (datatype: Datatype, shape: readonly number[], data: TensorData) => ({ datatype, shape, data }) as Tensor;

const isWhole = (part: Part) => part.rows === part.ticket.rows;

/** One run's inputs: the rows of all parts, in order. A lone job's tensors pass through as they are. */
export function assemble(parts: readonly Part[], rows: number): Tensors {
  const first = parts[0]!;
  if (parts.length === 1 && isWhole(first)) return first.ticket.job.inputs;
  const batch: Record<string, Tensor> = {};
  for (const { name, datatype, inner, stride } of first.ticket.kind.columns) {
    const shape = [rows, ...inner];
    batch[name] = tensor(datatype, shape, parts.length === 1 ? rowsOf(first, name, stride) : joined(parts, name, datatype, rows, stride));
  }
  return batch;
}

function rowsOf(part: Part, name: string, stride: number): TensorData {
  const { data } = part.ticket.job.inputs[name]!;
  return isWhole(part) ? data : viewOf(data, part.from * stride, (part.from + part.rows) * stride);
}

function joined(parts: readonly Part[], name: string, datatype: Datatype, rows: number, stride: number): TensorData {
  const data = allocate(datatype, rows * stride);
  let at = 0;
  for (const part of parts) {
    copyInto(data, rowsOf(part, name, stride), at);
    at += part.rows * stride;
  }
  return data;
}

/** @throws MisshapenOutput where an output's first dimension is not the rows that ran. */
export function requireRows(outputs: Tensors, rows: number): void {
  for (const name in outputs) {
    const { shape } = outputs[name]!;
    if (shape[0] !== rows) {
      throw new MisshapenOutput(`Output "${name}" has shape [${shape.join(', ')}] for ${rows} row(s): its first dimension is not the rows.`);
    }
  }
}

/** Hands out one run's outputs, part after part, as views. */
export class Slicer {
  readonly #outputs: Tensors;
  readonly #names: readonly string[];
  readonly #strides: readonly number[];
  /** The shapes of the part before: parts are mostly of equal length, and then share them. */
  #shapes: readonly (readonly number[])[] = [];
  #shapedFor = -1;
  #at = 0;

  constructor(outputs: Tensors) {
    this.#outputs = outputs;
    this.#names = Object.keys(outputs);
    this.#strides = this.#names.map((name) => elementCount(outputs[name]!.shape.slice(1)));
  }

  next(rows: number): Tensors {
    if (rows !== this.#shapedFor) this.#shape(rows);
    const part: Record<string, Tensor> = {};
    for (let i = 0; i < this.#names.length; i += 1) {
      const name = this.#names[i]!;
      const stride = this.#strides[i]!;
      const { datatype, data } = this.#outputs[name]!;
      part[name] = tensor(datatype, this.#shapes[i]!, viewOf(data, this.#at * stride, (this.#at + rows) * stride));
    }
    this.#at += rows;
    return part;
  }

  #shape(rows: number): void {
    this.#shapes = this.#names.map((name) => [rows, ...this.#outputs[name]!.shape.slice(1)]);
    this.#shapedFor = rows;
  }
}

/** The outputs of a job that ran in parts, filled in whatever order the parts end. */
export class Assembly {
  readonly outputs: Tensors;

  /** `part` is any part's outputs: it tells names, datatypes and inner dimensions. */
  constructor(part: Tensors, rows: number) {
    this.outputs = Object.fromEntries(
      Object.entries(part).map(([name, { datatype, shape }]) => {
        const whole = [rows, ...shape.slice(1)];
        return [name, tensor(datatype, whole, allocate(datatype, elementCount(whole)))];
      }),
    );
  }

  /** @throws MisshapenOutput where a part's inner dimensions differ from the others'. */
  add(part: Tensors, from: number): void {
    for (const name in this.outputs) {
      const { shape, data } = this.outputs[name]!;
      const piece = part[name]!;
      if (piece.shape.length !== shape.length || piece.shape.some((dimension, axis) => axis > 0 && dimension !== shape[axis])) {
        throw new MisshapenOutput(`Output "${name}" has shape [${piece.shape.join(', ')}] for some rows and [${shape.join(', ')}] for others.`);
      }
      copyInto(data, piece.data, from * elementCount(shape.slice(1)));
    }
  }
}
