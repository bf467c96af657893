import { describe, expect, it } from '@jest/globals';
import type { RowGroup, Tensor } from '#tensor';
import { runApart, singleRows } from './run-apart.ts';

const floats = (shape: readonly number[], ...data: number[]): Tensor => ({
  datatype: 'FP32',
  shape,
  data: Float32Array.from(data),
});
const groupOf = (...rows: number[]): RowGroup => ({ rows, inputs: { x: floats([rows.length, 1], ...rows) } });
/** Answers the groups one after the other with these. */
const answering = (...outputs: Tensor[]) => {
  const further: boolean[] = [];
  const run = async (_: RowGroup, isFurther: boolean) => {
    further.push(isFurther);
    return { outputs: { y: outputs[further.length - 1]! }, waitedMs: further.length, ranMs: 2 };
  };
  return { run, further };
};
const VALUES = { hasRows: true, areLists: false };

describe('groups of rows', () => {
  it('are answered in the order of the rows, and the first alone has to be admitted', async () => {
    const { run, further } = answering(floats([2, 2], 0, 1, 20, 21), floats([1, 2], 10, 11));
    const { outputs, waitedMs, ranMs } = await runApart([groupOf(0, 2), groupOf(1)], VALUES, run);
    expect(outputs['y']).toEqual(floats([3, 2], 0, 1, 10, 11, 20, 21));
    expect([further, waitedMs, ranMs]).toEqual([[false, true], 1, 4]);
  });

  it('of lists of different lengths are filled up with what is no number, in whatever dimension', async () => {
    const { run } = answering(floats([1, 2, 1], 1, 2), floats([1, 2, 2], 3, 4, 5, 6));
    const { outputs } = await runApart([groupOf(0), groupOf(1)], { ...VALUES, areLists: true }, run);
    expect(outputs['y']).toEqual(floats([2, 2, 2], 1, NaN, 2, NaN, 3, 4, 5, 6));
    const longer = answering(floats([2, 1, 2], 1, 2, 5, 6), floats([1, 2, 2], 1, 2, 3, 4));
    const answer = await runApart([groupOf(2, 0), groupOf(1)], { ...VALUES, areLists: true }, longer.run);
    expect(answer.outputs['y']).toEqual(floats([3, 2, 2], 5, 6, NaN, NaN, 1, 2, 3, 4, 1, 2, NaN, NaN));
  });

  it('of lists of such different lengths that they would fill the memory are refused', async () => {
    const { run } = answering(
      { datatype: 'FP32', shape: [1, 84, 8400], data: new Float32Array(84 * 8400) },
      { datatype: 'FP32', shape: [100, 84, 42], data: new Float32Array(100 * 84 * 42) },
    );
    const thin = groupOf(...Array.from({ length: 100 }, (_, at) => at + 1));
    await expect(runApart([groupOf(0), thin], { ...VALUES, areLists: true }, run)).rejects.toMatchObject({
      code: 'TOO_MANY_ROWS',
      message: expect.stringContaining('The output y of pictures of such different sizes takes more than 256 MiB'),
    });
  });

  it('of outputs without a dimension for rows are refused before they run', async () => {
    const { run, further } = answering(floats([3, 1], 1, 2, 3), floats([3, 1], 4, 5, 6));
    await expect(runApart([groupOf(0), groupOf(1)], { hasRows: false, areLists: false }, run)).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: expect.stringContaining('no dimension for rows'),
    });
    expect(further).toEqual([]);
  });

  it('of values of different shapes are refused', async () => {
    const { run } = answering(floats([1, 2], 1, 2), floats([1, 3], 3, 4, 5));
    await expect(runApart([groupOf(0), groupOf(1)], VALUES, run)).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: expect.stringContaining('y is [2] for row 0 and [3] for row 1'),
    });
  });
});

describe('single rows', () => {
  it('are those of the tensors, or of the groups, in their order', async () => {
    const rows = [0, 1, 2].map((row) => groupOf(row));
    expect(singleRows({ x: floats([3, 1], 0, 1, 2) }, 3)).toEqual(rows);
    expect(singleRows({}, 3, [groupOf(2, 0), groupOf(1)])).toEqual(rows);
  });

  it('may be answered without a dimension of their own', async () => {
    const { run } = answering(floats([1, 2], 1, 2), floats([0, 2]));
    const answer = { hasRows: false, areLists: true };
    const { outputs } = await runApart([groupOf(0), groupOf(1)], answer, run);
    expect(outputs['y']).toEqual(floats([2, 1, 2], 1, 2, NaN, NaN));
  });
});
