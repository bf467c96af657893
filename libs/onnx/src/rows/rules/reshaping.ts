import { isSame, numberOf, ONE, product, quotient, ROWS, type Size } from '../size.ts';
import { unknown } from '../stop.ts';
import { fromFront, type Rules, type Step } from '../step.ts';
import { type Element, hasRows, productOf, type RowsTensor, tensorOf, type Tracked } from '../tracked.ts';

/** Operators that leave the elements in their order, and give them another shape. */
export const RESHAPING: Rules = {
  Reshape: (step) =>
    reshape(step.ranked(0), step.numbers(1) ?? unknown('lacks its shape'), step.int('allowzero', 0) === 0),
  Flatten: (step) => {
    const { axis, shape } = step.ranked(0);
    const at = step.int('axis', 1);
    const first = at < 0 ? at + shape.length : at;
    const target = [product(shape.slice(0, first)), product(shape.slice(first))];
    return reshape({ axis, shape }, target, false);
  },
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
};

type Ranked = Tracked & { readonly shape: readonly Size[] };

/**
 * Rows stay rows where a dimension of the target is as long as there are rows, and as many elements stand in front of it
 * as in front of the rows: elements keep their order, so that a row's own stay together.
 *
 * @param target sizes; -1 is what is left, and 0, where it `copies`, the size that was there
 */
function reshape(input: Ranked, target: readonly Element[], copies: boolean): Tracked {
  const { shape } = input;
  const total = product(shape);
  const sizes = target.map((element, at): Element => {
    const isZero = element !== 'varies' && numberOf(element) === 0;
    return isZero && copies ? shape[at] : element;
  });
  const isRest = (element: Element): boolean => element !== 'varies' && numberOf(element) === -1;
  const others = product(sizes.filter((element) => !isRest(element)).map(productOf));
  const rest = quotient(total, others);
  const resolved = sizes.map((element): Element => (isRest(element) ? rest : element));
  if (!hasRows(input)) return { shape: withoutRows(resolved) };
  const axis = axisAfter(input, resolved, sizes.findIndex(isRest));
  return tensorOf(
    axis,
    resolved.map((element, at) => {
      if (at !== axis && element !== undefined && (element === 'varies' || element.rows > 0))
        unknown('gives a second dimension a size that depends on the number of rows');
      return productOf(element);
    }),
  );
}

/** Sizes of a constant: none may depend on the number of rows. */
function withoutRows(sizes: readonly Element[]): readonly Size[] {
  if (sizes.some((size) => size !== undefined && (size === 'varies' || size.rows > 0)))
    unknown('takes a shape that depends on the number of rows');
  return sizes.map(productOf);
}

function axisAfter({ axis, shape }: RowsTensor, sizes: readonly Element[], restAt: number): number {
  const before = product(shape.slice(0, axis));
  const at = sizes.findIndex((size, at) => {
    if (!isSame(productOf(size), ROWS)) return false;
    const inFront = product(sizes.slice(0, at).map(productOf));
    return isSame(inFront, before);
  });
  if (at !== -1) return at;
  // What is left may be the rows, but what a row holds is not known.
  if (restAt !== -1 && sizes[restAt] === undefined) unknown(`may fold dimension ${axis} into others`);
  if (sizes.includes('varies') || sizes.includes(undefined)) unknown('takes a shape that is not known before the run');
  return unknown(`folds dimension ${axis} into others, or fixes its size`);
}

/** The axes are an input from opset 13 on. */
function squeeze(step: Step): Tracked {
  const { axis, shape } = step.ranked(0);
  const named = step.ints('axes') ?? step.integers(1);
  if (named === undefined && axis !== undefined) unknown('removes all dimensions of 1, which may be the rows');
  if (named === undefined && shape.some((size) => numberOf(size) === undefined))
    unknown('removes all dimensions of 1, which are not known before the run');
  const axes =
    named?.map((each) => fromFront(each, shape.length)) ?? shape.flatMap((s, at) => (isSame(s, ONE) ? [at] : []));
  if (axis !== undefined && axes.includes(axis)) unknown(`removes dimension ${axis}`);
  const before = axes.filter((at) => axis !== undefined && at < axis).length;
  return tensorOf(
    axis === undefined ? undefined : axis - before,
    shape.filter((_, at) => !axes.includes(at)),
  );
}

function unsqueeze(step: Step): Tracked {
  const { axis, shape } = step.ranked(0);
  const named = step.ints('axes') ?? step.integers(1) ?? unknown('lacks its axes');
  const rank = shape.length + named.length;
  const axes = new Set(named.map((each) => fromFront(each, rank)));
  const olds = [...shape.keys()];
  const places = Array.from({ length: rank }, (_, at) => (axes.has(at) ? undefined : olds.shift()));
  return tensorOf(
    axis === undefined ? undefined : places.indexOf(axis),
    places.map((old) => (old === undefined ? ONE : shape[old])),
  );
}
