import { exactly, ONE, type Size } from '../size.ts';
import { mixes, runsAlong, unknown } from '../stop.ts';
import { each, fromFront, type Rules, type Step } from '../step.ts';
import { tensorOf, type Tracked } from '../tracked.ts';

const REDUCTIONS = `ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
  ReduceSumSquare`;

/** Operators that make one element of many, and those that go along a dimension. */
export const REDUCING: Rules = {
  ...each(REDUCTIONS, reduce),
  ...each('ArgMax ArgMin', (step) => {
    const input = step.ranked(0);
    return without(input, [fromFront(step.int('axis', 0), input.shape.length)], step.int('keepdims', 1) === 1);
  }),
  ...each('Softmax LogSoftmax Hardmax', softmax),
  CumSum: (step) => {
    const input = step.ranked(0);
    const [axis] = step.integers(1) ?? unknown('lacks its axis');
    return kept(input, fromFront(axis!, input.shape.length));
  },
  LpNormalization: (step) => {
    const input = step.ranked(0);
    return kept(input, fromFront(step.int('axis', -1), input.shape.length));
  },
  TopK: topK,
};

type Ranked = Tracked & { readonly shape: readonly Size[] };

/** The tensor itself, which an operator goes along. */
export function kept({ axis, shape }: Ranked, along: number): Tracked {
  if (axis === along) runsAlong(axis);
  return { axis, shape };
}

/** The tensor without some dimensions, or with a 1 in their place. */
function without({ axis, shape }: Ranked, axes: readonly number[], keep: boolean): Tracked {
  if (axis !== undefined && axes.includes(axis)) runsAlong(axis);
  if (keep)
    return tensorOf(
      axis,
      shape.map((size, at) => (axes.includes(at) ? ONE : size)),
    );
  const before = axes.filter((at) => axis !== undefined && at < axis).length;
  return tensorOf(
    axis === undefined ? undefined : axis - before,
    shape.filter((_, at) => !axes.includes(at)),
  );
}

/** Axes are an attribute, and an input from opset 13 (ReduceSum) or 18 on; none are all, or where that is said none. */
function reduce(step: Step): Tracked {
  const input = step.ranked(0);
  const named = step.ints('axes') ?? step.integers(1) ?? [];
  const keep = step.int('keepdims', 1) === 1;
  if (named.length === 0 && step.int('noop_with_empty_axes', 0) === 1) return { axis: input.axis, shape: input.shape };
  const rank = input.shape.length;
  const axes = named.length === 0 ? input.shape.map((_, at) => at) : named.map((axis) => fromFront(axis, rank));
  return without(input, axes, keep);
}

/** Before opset 13 all dimensions from the axis on are one; the default axis is another too. */
function softmax(step: Step): Tracked {
  const input = step.ranked(0);
  const { axis, shape } = input;
  if (step.opset >= 13) return kept(input, fromFront(step.int('axis', -1), shape.length));
  const first = fromFront(step.int('axis', 1), shape.length);
  if (axis !== undefined && axis >= first) mixes(`runs along dimension ${axis} and all others from ${first} on`);
  return { axis, shape };
}

function topK(step: Step): readonly Tracked[] {
  const input = step.ranked(0);
  const { shape } = input;
  const along = fromFront(step.int('axis', -1), shape.length);
  const known = step.opset >= 10 ? step.constant(1)?.numbers?.[0] : exactly(step.int('k', 0));
  const size = known === 'varies' ? undefined : known;
  const { axis } = kept(input, along);
  const output = tensorOf(
    axis,
    shape.map((each, at) => (at === along ? size : each)),
  );
  return [output, output];
}
