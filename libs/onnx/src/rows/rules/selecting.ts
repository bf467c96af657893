import { exactly, numberOf, type Size } from '../size.ts';
import { mixes, runsAlong, unknown } from '../stop.ts';
import { each, fromFront, type Rules, type Step } from '../step.ts';
import { hasRows, tensorOf, type Tracked } from '../tracked.ts';

/** Operators that take elements by their place. */
export const SELECTING: Rules = {
  Slice: slice,
  Split: split,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  OneHot: (step) => {
    const { axis, shape } = step.ranked(0);
    const depth = step.constant(1)?.numbers?.[0];
    step.constant(2);
    const at = fromFront(step.int('axis', -1), shape.length + 1);
    return tensorOf(axis === undefined || axis < at ? axis : axis + 1, [
      ...shape.slice(0, at),
      depth === 'varies' ? undefined : depth,
      ...shape.slice(at),
    ]);
  },
  Compress: (step) => {
    const { axis, shape } = step.ranked(0);
    step.constant(1);
    const along = fromFront(step.int('axis') ?? unknown('flattens its input'), shape.length);
    if (along === axis) mixes(`takes rows by their place along dimension ${axis}`);
    return tensorOf(
      axis,
      shape.map((size, at) => (at === along ? undefined : size)),
    );
  },
  ...each('NonZero Unique', (step) => {
    if (step.tensors().some(hasRows)) mixes('has as many elements as all rows together make it have');
    return unknown('has as many elements as its input makes it have');
  }),
};

/** No run has as many rows; exporters write any such number for "to the end". */
const TO_THE_END = 2 ** 28;

/** Starts, ends, axes and steps are inputs from opset 10 on. */
function slice(step: Step): Tracked {
  const { axis, shape } = step.ranked(0);
  const starts = step.ints('starts') ?? step.constant(1)?.numbers;
  const ends = step.ints('ends') ?? step.constant(2)?.numbers;
  const count = starts?.length ?? numberOf(step.constant(1)?.shape?.[0]);
  const named = step.ints('axes') ?? step.integers(3);
  const axes =
    named ?? (count === undefined ? unknown('takes a part of unknown dimensions') : [...Array(count).keys()]);
  const steps = step.constant(4);
  const plain = (list: readonly unknown[] | undefined, at: number): number | undefined => {
    const item = list?.[at];
    return typeof item === 'number' ? item : numberOf(item as Size);
  };
  const sizes = [...shape];
  for (const [at, name] of axes.entries()) {
    const along = fromFront(name, shape.length);
    const [start, end] = [plain(starts, at), plain(ends, at)];
    const isStepOne = steps === undefined || plain(steps.numbers, at) === 1;
    if (start === 0 && (end ?? 0) >= TO_THE_END && isStepOne) continue;
    if (along === axis) mixes(`takes a part of dimension ${axis}`);
    sizes[along] = isStepOne ? lengthOf(start, end, numberOf(shape[along])) : undefined;
  }
  return tensorOf(axis, sizes);
}

/** The length of a slice of step 1, where all is known. */
function lengthOf(start?: number, end?: number, size?: number): Size {
  if (start === undefined || end === undefined || size === undefined) return undefined;
  const clamped = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
  return exactly(Math.max(0, clamped(end) - clamped(start)));
}

/** The parts are an attribute, or an input from opset 13 on; without them all are of one length. */
function split(step: Step): readonly Tracked[] {
  const { axis, shape } = step.ranked(0);
  const along = fromFront(step.int('axis', 0), shape.length);
  if (axis === along) mixes(`takes parts of dimension ${axis}`);
  const parts =
    step.ints('split') ?? step.constant(1)?.numbers?.map((part) => (part === 'varies' ? undefined : numberOf(part)));
  const { length } = step.node.outputs;
  const whole = numberOf(shape[along]);
  const even = whole !== undefined && whole % length === 0 && !step.has(1) ? whole / length : undefined;
  return step.node.outputs.map((_, index) => {
    const part = parts?.[index] ?? even;
    return tensorOf(
      axis,
      shape.map((size, at) => (at === along ? (part === undefined ? undefined : exactly(part)) : size)),
    );
  });
}

/** Constants at places that rows name, or places of each row that a constant names. */
function gather(step: Step): Tracked {
  const data = step.ranked(0);
  const indices = step.ranked(1);
  const along = fromFront(step.int('axis', 0), data.shape.length);
  const shape = [...data.shape.slice(0, along), ...indices.shape, ...data.shape.slice(along + 1)];
  if (data.axis === along) mixes(`takes rows by their place along dimension ${along}`);
  if (hasRows(data) && hasRows(indices)) mixes('takes from each row what the others name too');
  if (hasRows(indices)) return tensorOf(along + indices.axis, shape);
  if (!hasRows(data)) return { shape };
  return tensorOf(data.axis < along ? data.axis : data.axis - 1 + indices.shape.length, shape);
}

/** Each index stands at the place of what it leads to, but along one dimension. */
function gatherElements(step: Step): Tracked {
  const data = step.ranked(0);
  const indices = step.ranked(1);
  const along = fromFront(step.int('axis', 0), data.shape.length);
  if (data.axis === along || indices.axis === along) runsAlong(along);
  if (data.axis !== indices.axis) unknown('takes rows by their place');
  return tensorOf(data.axis, indices.shape);
}

/** The last dimension of the indices leads into the data, behind the dimensions that both have. */
function gatherNd(step: Step): Tracked {
  const data = step.ranked(0);
  const indices = step.ranked(1);
  const shared = step.int('batch_dims', 0);
  const depth = numberOf(indices.shape.at(-1)) ?? unknown('takes indices of unknown length');
  const shape = [...indices.shape.slice(0, -1), ...data.shape.slice(shared + depth)];
  if (!hasRows(data) && !hasRows(indices)) return { shape };
  if (hasRows(data)) {
    const isShared = data.axis < shared && indices.axis === data.axis;
    return isShared ? tensorOf(data.axis, shape) : unknown('takes rows by their place');
  }
  const { axis } = indices;
  if (axis! < shared || axis === indices.shape.length - 1) unknown('takes rows by their place');
  return tensorOf(axis, shape);
}
