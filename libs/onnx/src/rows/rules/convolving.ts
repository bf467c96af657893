import { exactly, numberOf, ONE, type Size } from '../size.ts';
import { mixes, unknown } from '../stop.ts';
import { each, type Rules, type Step } from '../step.ts';
import { hasRows, tensorOf, type Tracked } from '../tracked.ts';
import { requireOneForAll } from './products.ts';

/** Operators that slide a window over pictures and sounds, of the layout [rows, channels, …]. */
export const CONVOLVING: Rules = {
  Conv: (step) => {
    step.constant(2);
    return convolved(step, 1, windowed);
  },
  ConvInteger: (step) => {
    requireOneForAll(step, 2);
    step.constant(3);
    return convolved(step, 1, windowed);
  },
  QLinearConv: (step) => {
    for (const index of [1, 2, 6, 7]) requireOneForAll(step, index);
    for (const index of [4, 5, 8]) step.constant(index);
    return convolved(step, 3, windowed);
  },
  ConvTranspose: (step) => {
    step.constant(2);
    const { axis, shape } = layoutOf(step);
    const weights = step.constant(1)?.shape;
    const channels = numberOf(weights?.[1]);
    const size = channels === undefined ? undefined : exactly(channels * step.int('group', 1));
    return tensorOf(axis, [shape[0], size, ...shape.slice(2).map(() => undefined)]);
  },
  MaxPool: (step) => {
    // The second output names places in the whole tensor.
    if ((step.node.outputs[1] ?? '') !== '') mixes('numbers the places of all rows together');
    return pooled(step);
  },
  ...each('AveragePool LpPool', pooled),
  ...each('GlobalAveragePool GlobalMaxPool GlobalLpPool', (step) => {
    const { axis, shape } = layoutOf(step);
    return tensorOf(
      axis,
      shape.map((size, at) => (at < 2 ? size : ONE)),
    );
  }),
  GridSample: (step) => {
    const { axis, shape } = layoutOf(step);
    const grid = step.along(0, 1);
    if (hasRows(grid) !== (axis !== undefined)) unknown('takes rows and a grid that is the same for all');
    return tensorOf(axis, [...shape.slice(0, 2), ...grid.shape.slice(1, -1)]);
  },
};

type Ranked = Tracked & { readonly shape: readonly Size[] };

function layoutOf(step: Step): Ranked {
  const input = step.along(0, 0);
  if (input.shape.length < 3) unknown('slides over a tensor without places');
  return input;
}

type Sizes = (step: Step, shape: readonly Size[], kernel: readonly (number | undefined)[]) => readonly Size[];

function convolved(step: Step, weightsAt: number, sizes: Sizes): Tracked {
  const { axis, shape } = layoutOf(step);
  const weights = step.constant(weightsAt)?.shape;
  const kernel = step.ints('kernel_shape') ?? weights?.slice(2).map(numberOf) ?? [];
  return tensorOf(axis, [shape[0], weights?.[0], ...sizes(step, shape.slice(2), kernel)]);
}

function pooled(step: Step): Tracked {
  const { axis, shape } = layoutOf(step);
  return tensorOf(axis, [...shape.slice(0, 2), ...windowed(step, shape.slice(2), step.ints('kernel_shape') ?? [])]);
}

/** How many places a window has along each dimension, where that is known. */
function windowed(step: Step, sizes: readonly Size[], kernel: readonly (number | undefined)[]): readonly Size[] {
  const strides = step.ints('strides');
  const dilations = step.ints('dilations');
  const pads = step.ints('pads');
  const automatic = step.text('auto_pad') ?? 'NOTSET';
  const round = step.int('ceil_mode', 0) === 0 ? Math.floor : undefined;
  return sizes.map((each, at) => {
    const size = numberOf(each);
    const window = kernel[at];
    if (size === undefined || window === undefined || round === undefined) return undefined;
    const stride = strides?.[at] ?? 1;
    if (automatic.startsWith('SAME')) return exactly(Math.ceil(size / stride));
    const padded = automatic === 'VALID' ? 0 : (pads?.[at] ?? 0) + (pads?.[at + sizes.length] ?? 0);
    return exactly(round((size + padded - (window - 1) * (dilations?.[at] ?? 1) - 1) / stride) + 1);
  });
}
