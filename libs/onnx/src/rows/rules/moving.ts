import { exactly, isOne, isSame, numberOf, ROWS, type Size, times } from '../size.ts';
import { mixes, runsAlong, unknown } from '../stop.ts';
import { fromFront, type Rules, type Step } from '../step.ts';
import { dependsOnCount, type Element, hasRows, productOf, tensorOf, type Tracked } from '../tracked.ts';
import { unary } from './elementwise.ts';

/** Operators that give elements another place, or repeat them. */
export const MOVING: Rules = {
  Transpose: (step) => {
    const { axis, shape } = step.ranked(0);
    const order = step.ints('perm') ?? [...shape.keys()].reverse();
    return tensorOf(
      axis === undefined ? undefined : order.indexOf(axis),
      order.map((at) => shape[at]),
    );
  },
  Concat: concat,
  Expand: expand,
  Tile: tile,
  Pad: pad,
  ConstantOfShape: (step) => filled(step.numbers(0) ?? unknown('lacks its shape')),
  Resize: resize,
  Upsample: resize,
  DepthToSpace: blocks,
  SpaceToDepth: blocks,
  Trilu: (step) => {
    const input = step.ranked(0);
    step.constant(1);
    if (input.axis !== undefined && input.axis >= input.shape.length - 2) runsAlong(input.axis);
    return unary(input);
  },
  ReverseSequence: reverse,
};

/** Rows are side by side in all inputs: a constant's slice for a row would be that of its place. */
function concat(step: Step): Tracked {
  const inputs = Array.from({ length: step.inputCount }, (_, index) => step.ranked(index));
  const rank = inputs[0]!.shape.length;
  const along = fromFront(step.int('axis') ?? unknown('names no dimension'), rank);
  const axis = inputs.find(hasRows)?.axis;
  for (const input of inputs) {
    if (input.axis === axis) continue;
    if (input.axis !== undefined) mixes('joins rows along different dimensions');
    unknown(`joins rows and a constant along dimension ${along}`);
  }
  if (axis === along) mixes(`joins along dimension ${axis}`);
  const sum = inputs
    .map(({ shape }) => numberOf(shape[along]))
    .reduce((a, b) => (a === undefined || b === undefined ? undefined : a + b));
  const size = inputs.length === 1 ? inputs[0]!.shape[along] : sum === undefined ? undefined : exactly(sum);
  return tensorOf(
    axis,
    inputs[0]!.shape.map((_, at) =>
      at === along ? size : inputs.map(({ shape }) => shape[at]).find((each) => each !== undefined),
    ),
  );
}

/** A tensor of one value: where it is as long as there are rows it has them, all alike. */
function filled(sizes: readonly Element[]): Tracked {
  const counted = sizes.filter(dependsOnCount);
  if (counted.length === 0) return { shape: sizes.map(productOf) };
  const axis = sizes.findIndex((size) => isSame(productOf(size), ROWS));
  if (axis === -1 || counted.length > 1) unknown('takes a shape that depends on the number of rows');
  return tensorOf(axis, sizes.map(productOf));
}

/** To the shape that the tensor's own and the wanted one broadcast to. */
function expand(step: Step): Tracked {
  const { axis, shape } = step.ranked(0);
  const wanted = step.numbers(1) ?? unknown('lacks its shape');
  const rank = Math.max(shape.length, wanted.length);
  const own = (at: number): Size => (at < rank - shape.length ? exactly(1) : shape[at - (rank - shape.length)]);
  const asked = (at: number): Element => (at < rank - wanted.length ? exactly(1) : wanted[at - (rank - wanted.length)]);
  const places = [...Array(rank).keys()];
  const rowsAt = new Set(places.filter((at) => dependsOnCount(asked(at))));
  if (axis !== undefined) rowsAt.add(axis + rank - shape.length);
  if (rowsAt.size > 1) unknown('gives a second dimension a size that depends on the number of rows');
  const [place] = rowsAt;
  if (place !== undefined) {
    const fits = (size: Element): boolean => size !== 'varies' && (isOne(size) || isSame(size, ROWS));
    if (!fits(asked(place))) unknown(`gives dimension ${place} another size than that of the rows`);
    if (axis === undefined && !isOne(own(place)))
      unknown(`gives each row a constant of its own along dimension ${place}`);
  }
  return tensorOf(
    place,
    places.map((at) => wider(own(at), productOf(asked(at)))),
  );
}

function wider(own: Size, asked: Size): Size {
  if (isOne(own) || isSame(own, asked)) return asked;
  return isOne(asked) ? own : [own, asked].find((size) => numberOf(size) !== undefined);
}

function tile(step: Step): Tracked {
  const { axis, shape } = step.ranked(0);
  const repeats = step.numbers(1) ?? unknown('lacks its repeats');
  const counted = repeats.flatMap((each, at) => (dependsOnCount(each) ? [at] : []));
  const sizes = shape.map((size, at) => times(size, productOf(repeats[at])));
  if (axis !== undefined) {
    if (counted.length > 0 || !isOne(productOf(repeats[axis]))) unknown(`repeats the rows along dimension ${axis}`);
    return tensorOf(axis, sizes);
  }
  if (counted.length === 0) return { shape: sizes };
  const [at] = counted;
  if (counted.length > 1 || !isSame(productOf(repeats[at!]), ROWS) || !isOne(shape[at!]))
    unknown('repeats a constant as often as there are rows');
  return tensorOf(at, sizes);
}

/** The widths are an attribute before opset 11; which axes they are of is an input from opset 18 on. */
function pad(step: Step): Tracked {
  const { axis, shape } = step.ranked(0);
  const widths = step.ints('pads') ?? step.ints('paddings') ?? step.integers(1) ?? unknown('lacks its widths');
  step.constant(2);
  const named = step.integers(3) ?? [...shape.keys()];
  const axes = named.map((each) => fromFront(each, shape.length));
  const before = (at: number): number => widths[axes.indexOf(at)] ?? 0;
  const after = (at: number): number => widths[axes.length + axes.indexOf(at)] ?? 0;
  const padded = (at: number): boolean => axes.includes(at) && (before(at) !== 0 || after(at) !== 0);
  if (axis !== undefined && padded(axis)) mixes(`pads dimension ${axis}`);
  return tensorOf(
    axis,
    shape.map((size, at) => {
      const known = numberOf(size);
      if (!padded(at)) return size;
      return known === undefined ? undefined : exactly(known + before(at) + after(at));
    }),
  );
}

/** By scales, or to sizes from opset 10 on; which axes these are of may be an attribute from opset 18 on. */
function resize(step: Step): Tracked {
  const { axis, shape } = step.ranked(0);
  const isUpsample = step.node.operator === 'Upsample';
  if (step.text('coordinate_transformation_mode') === 'tf_crop_and_resize') unknown('crops by a region');
  const named = step.ints('axes')?.map((each) => fromFront(each, shape.length)) ?? [...shape.keys()];
  const [scalesAt, sizesAt] = isUpsample || step.opset < 11 ? [1, 3] : [2, 3];
  if (scalesAt === 2) step.constant(1);
  const unchanged = (at: number): boolean => {
    if (!named.includes(at)) return true;
    if (step.has(sizesAt)) {
      const size = step.numbers(sizesAt)![named.indexOf(at)];
      return size !== 'varies' && isSame(size, shape[at]);
    }
    const scales = step.ints('scales') ?? step.integers(scalesAt) ?? unknown('lacks its scales');
    return scales[named.indexOf(at)] === 1;
  };
  if (axis !== undefined && !unchanged(axis)) unknown(`may resize dimension ${axis}`);
  const policy = step.text('keep_aspect_ratio_policy') ?? 'stretch';
  if (policy !== 'stretch') unknown('keeps the aspect ratio');
  return tensorOf(
    axis,
    shape.map((size, at) => (at === axis || unchanged(at) ? size : undefined)),
  );
}

/** Of the layout [rows, channels, height, width]. */
function blocks(step: Step): Tracked {
  const { axis, shape } = step.along(0, 0);
  return tensorOf(
    axis,
    shape.map((size, at) => (at === 0 ? size : undefined)),
  );
}

/** Each row backwards, up to its own length. */
function reverse(step: Step): Tracked {
  const input = step.ranked(0);
  const lengths = step.tensor(1);
  if (!hasRows(input)) return unknown('turns sequences round by lengths of the rows');
  if (input.axis !== step.int('batch_axis', 1)) runsAlong(input.axis);
  if (lengths.axis !== 0) unknown('takes lengths that are not those of the rows');
  return unary(input);
}
