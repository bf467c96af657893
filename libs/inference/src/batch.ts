import {
  allocate,
  copyInto,
  type Datatype,
  elementCount,
  noTensors,
  type Tensor,
  type TensorData,
  tensorOf,
  type Tensors,
  viewOf,
} from '#tensor';
import type { Column, Padding } from './kind.ts';
import type { Part } from './ticket.ts';

const isWhole = (part: Part) => part.rows === part.ticket.rows;

/** One run's inputs: the rows of all parts, in order. A lone job's tensors pass through as they are. */
export function assemble(parts: readonly Part[], rows: number): Tensors {
  const first = parts[0]!;
  if (parts.length === 1 && isWhole(first)) return first.ticket.job.inputs;
  const batch = noTensors();
  for (const column of first.ticket.kind.columns) batch[column.name] = columnOf(parts, column, rows);
  return batch;
}

function columnOf(parts: readonly Part[], { name, datatype, inner, stride, padding }: Column, rows: number): Tensor {
  if (padding !== undefined) return padded(parts, { name, datatype, padding });
  const data = parts.length === 1 ? rowsOf(parts[0]!, name, stride) : joined(parts, name, datatype, rows, stride);
  return tensorOf(datatype, [rows, ...inner], data);
}

/** The rows of all parts in the length of the longest. */
function padded(
  parts: readonly Part[],
  { name, datatype, padding }: Pick<Column, 'name' | 'datatype'> & { readonly padding: Padding },
): Tensor {
  const rows = parts.map((part) => {
    const length = part.ticket.job.inputs[name]!.shape[1]!;
    return tensorOf(datatype, [part.rows, length], rowsOf(part, name, length));
  });
  return filledUp(rows, padding);
}

/** Tensors [rows, length] one below the other, those of shorter rows filled up behind. */
export function filledUp(tensors: readonly Tensor[], padding: Padding): Tensor {
  const [{ datatype }] = tensors as readonly [Tensor];
  const length = Math.max(...tensors.map(({ shape }) => shape[1]!));
  const rows = tensors.reduce((sum, { shape }) => sum + shape[0]!, 0);
  const data = allocate(datatype, rows * length);
  if (tensors.some(({ shape }) => shape[1]! < length)) data.fill(padding as never);
  let row = 0;
  for (const { shape, data: source } of tensors) {
    const [count, own] = shape as [number, number];
    for (let from = 0; from < count * own; from += own, row += 1)
      copyInto(data, viewOf(source, from, from + own), row * length);
  }
  return tensorOf(datatype, [rows, length], data);
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

/** What is wrong where an output's first dimension is not the rows that ran. */
export function lackingRows(outputs: Tensors, rows: number): string | undefined {
  for (const name in outputs) {
    const { shape } = outputs[name]!;
    if (shape[0] !== rows)
      return `Output "${name}" has shape [${shape.join(', ')}] for ${rows} row(s): its first dimension is not the rows.`;
  }
  return undefined;
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
    const part = noTensors();
    for (let i = 0; i < this.#names.length; i += 1) {
      const name = this.#names[i]!;
      const stride = this.#strides[i]!;
      const { datatype, data } = this.#outputs[name]!;
      part[name] = tensorOf(datatype, this.#shapes[i]!, viewOf(data, this.#at * stride, (this.#at + rows) * stride));
    }
    this.#at += rows;
    return part;
  }

  #shape(rows: number): void {
    this.#shapes = this.#names.map((name) => [rows, ...this.#outputs[name]!.shape.slice(1)]);
    this.#shapedFor = rows;
  }
}
