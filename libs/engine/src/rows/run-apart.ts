import { NestorError } from '#errors';
import type { JobResult } from '#inference';
import {
  allocate,
  BYTES_PER_ELEMENT,
  copyInto,
  elementCount,
  floatsOf,
  noTensors,
  type RowGroup,
  tensorOf,
  type Tensor,
  type TensorData,
  type Tensors,
  viewOf,
} from '#tensor';

/** Bytes of an output whose lists were filled up: as many as the tensors of a request's pictures may have. */
const MOST_BYTES = 256 * 2 ** 20;

/** Runs some rows of a request. @param isFurther whether others of the request were admitted before */
type RunGroup = (group: RowGroup, isFurther: boolean) => Promise<JobResult>;

/** The form of a run's outputs. */
interface Answered {
  /** Whether the outputs have a first dimension for rows; without one, a run takes one row. */
  readonly hasRows: boolean;
  /** Whether they are lists of objects, of any lengths. Shorter lists are filled up with objects without a score. */
  readonly areLists: boolean;
}

/**
 * Runs rows of a request that cannot share a run, group after group, and joins the outputs in the order of the rows.
 *
 * @throws NestorError INPUT_REFUSED where outputs that are no lists have no dimension for rows, or different shapes; TOO_MANY_ROWS
 * where lists of different lengths take too much memory once they are filled up
 */
export async function runApart(
  groups: readonly RowGroup[],
  { hasRows, areLists }: Answered,
  run: RunGroup,
): Promise<JobResult> {
  if (!hasRows && !areLists)
    throw new NestorError(
      'INPUT_REFUSED',
      'The outputs of this model have no dimension for rows, and pictures of different sizes share no run: send each picture in a request of its own.',
    );
  const results: JobResult[] = [];
  for (const group of groups) results.push(await run(group, results.length > 0));
  const outputs = noTensors();
  for (const name of Object.keys(results[0]!.outputs)) {
    const rows: Tensor[] = [];
    for (const [at, group] of groups.entries()) {
      const output = results[at]!.outputs[name]!;
      for (const [nth, row] of group.rows.entries()) rows[row] = hasRows ? rowOf(output, nth) : output;
    }
    if (!areLists) requireOneShape(name, rows);
    outputs[name] = sideBySide(name, rows);
  }
  return {
    outputs,
    waitedMs: results[0]!.waitedMs,
    ranMs: results.reduce((sum, { ranMs }) => sum + ranMs, 0),
  };
}

/** Each row as a group, in their order. */
export function singleRows(
  inputs: Tensors,
  count: number,
  groups: readonly RowGroup[] = [allRows(inputs, count)],
): readonly RowGroup[] {
  const rows: RowGroup[] = [];
  for (const group of groups) {
    for (const [nth, row] of group.rows.entries()) {
      const single = noTensors();
      for (const [name, tensor] of Object.entries(group.inputs)) {
        const { datatype, shape, data } = rowOf(tensor, nth);
        single[name] = tensorOf(datatype, [1, ...shape], data);
      }
      rows[row] = { rows: [row], inputs: single };
    }
  }
  return rows;
}

const allRows = (inputs: Tensors, count: number): RowGroup => ({
  rows: Array.from({ length: count }, (_, row) => row),
  inputs,
});

function rowOf({ datatype, shape: [, ...inner], data }: Tensor, row: number): Tensor {
  const size = elementCount(inner);
  return tensorOf(datatype, inner, viewOf(data, row * size, (row + 1) * size));
}

function requireOneShape(name: string, rows: readonly Tensor[]): void {
  const shapes = rows.map(({ shape }) => shape.join(', '));
  const other = shapes.findIndex((shape) => shape !== shapes[0]);
  if (other === -1) return;
  throw new NestorError(
    'INPUT_REFUSED',
    `The output ${name} is [${shapes[0]}] for row 0 and [${shapes[other]}] for row ${other}, and an answer has one shape: send pictures of different sizes in requests of their own.`,
  );
}

/** Joins tensors as rows. Each dimension has the longest length; shorter tensors are filled up at the end. */
function sideBySide(name: string, rows: readonly Tensor[]): Tensor {
  const { datatype, shape } = rows[0]!;
  const longest = shape.map((_, axis) => Math.max(...rows.map((row) => row.shape[axis]!)));
  const size = elementCount(longest);
  const isFilledUp = rows.some((row) => elementCount(row.shape) < size);
  if (isFilledUp && rows.length * size * BYTES_PER_ELEMENT[datatype] > MOST_BYTES)
    throw new NestorError(
      'TOO_MANY_ROWS',
      `The output ${name} of pictures of such different sizes takes more than ${MOST_BYTES / 2 ** 20} MiB: send fewer pictures at a time, or pictures of one size together.`,
    );
  const all = tensorOf(datatype, [rows.length, ...longest], allocate(datatype, rows.length * size));
  if (datatype.startsWith('FP')) floatsOf(all).fill(NaN);
  for (const [at, row] of rows.entries()) copyCorner(row, all.data, longest, 0, at * size);
  return all;
}

/** Copies a tensor into the beginning of each dimension of a larger one, `from` and `to` being elements of the two. */
function copyCorner({ shape, data }: Shaped, all: TensorData, longest: readonly number[], from: number, to: number) {
  if (shape.every((length, axis) => length === longest[axis])) {
    copyInto(all, viewOf(data, from, from + elementCount(shape)), to);
    return;
  }
  const [inner, around] = [shape.slice(1), longest.slice(1)];
  const [step, stride] = [elementCount(inner), elementCount(around)];
  for (let nth = 0; nth < shape[0]!; nth += 1)
    copyCorner({ shape: inner, data }, all, around, from + nth * step, to + nth * stride);
}

type Shaped = Pick<Tensor, 'shape' | 'data'>;
