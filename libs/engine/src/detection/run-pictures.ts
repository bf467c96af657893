import type { JobResult } from '#inference';
import {
  allocate,
  copyInto,
  elementCount,
  floatsOf,
  noTensors,
  tensorOf,
  type Tensor,
  type Tensors,
  viewOf,
} from '#tensor';

/** Runs one picture. @param isFurther whether another of the request was admitted before */
type RunPicture = (inputs: Tensors, isFurther: boolean) => Promise<JobResult>;

/**
 * Runs the pictures of a request one after the other, for models that answer one a run, and puts what they answered side by
 * side: a dimension for the pictures, and the longest list of boxes. Shorter ones are filled up with what has no score.
 *
 * @param hasRows whether the outputs of a run have a first dimension for its picture
 */
export async function runPictures(
  inputs: Tensors,
  rows: number,
  hasRows: boolean,
  run: RunPicture,
): Promise<JobResult> {
  const results: JobResult[] = [];
  for (let row = 0; row < rows; row += 1) results.push(await run(rowOf(inputs, row, rows), row > 0));
  const outputs = noTensors();
  for (const name of Object.keys(results[0]!.outputs))
    outputs[name] = sideBySide(results.map((result) => listOf(result.outputs[name]!, hasRows)));
  return {
    outputs,
    waitedMs: results[0]!.waitedMs,
    ranMs: results.reduce((sum, { ranMs }) => sum + ranMs, 0),
  };
}

function rowOf(inputs: Tensors, row: number, rows: number): Tensors {
  const picture = noTensors();
  for (const [name, { datatype, shape, data }] of Object.entries(inputs)) {
    const size = data.length / rows;
    picture[name] = tensorOf(datatype, [1, ...shape.slice(1)], viewOf(data, row * size, (row + 1) * size));
  }
  return picture;
}

const listOf = ({ datatype, shape, data }: Tensor, hasRows: boolean): Tensor =>
  tensorOf(datatype, hasRows ? shape.slice(1) : shape, data);

/** Lists that differ in their first dimension alone: what a shorter one lacks lies behind it. */
function sideBySide(lists: readonly Tensor[]): Tensor {
  const { datatype, shape } = lists[0]!;
  const longest = [Math.max(...lists.map((list) => list.shape[0]!)), ...shape.slice(1)];
  const size = elementCount(longest);
  const all = tensorOf(datatype, [lists.length, ...longest], allocate(datatype, lists.length * size));
  if (datatype.startsWith('FP')) floatsOf(all).fill(NaN);
  for (const [at, { data }] of lists.entries()) copyInto(all.data, data, at * size);
  return all;
}
