import { isOne, ONE, type Size } from '../size.ts';
import { mixes, unknown } from '../stop.ts';
import { type Rules, type Step } from '../step.ts';
import { tensorOf, type Tracked } from '../tracked.ts';
import { broadcast } from './elementwise.ts';

/** Operators that multiply matrices. */
export const MULTIPLYING: Rules = {
  MatMul: (step) => matMul(step.ranked(0), step.ranked(1)),
  MatMulInteger: (step) => {
    for (const index of [2, 3]) requireOneForAll(step, index);
    return matMul(step.ranked(0), step.ranked(1));
  },
  QLinearMatMul: (step) => {
    for (const index of [1, 2, 4, 5, 6, 7]) requireOneForAll(step, index);
    return matMul(step.ranked(0), step.ranked(3));
  },
  Gemm: gemm,
  Einsum: einsum,
  Det: (step) => {
    const { axis, shape } = step.ranked(0);
    if (axis !== undefined && axis >= shape.length - 2) mixes(`works along dimension ${axis}`);
    return tensorOf(axis, shape.slice(0, -2));
  },
};

type Ranked = Tracked & { readonly shape: readonly Size[] };

/** A scale or zero point: one number, the same for all rows. */
export function requireOneForAll(step: Step, index: number): void {
  const parameter = step.constant(index);
  if (parameter === undefined) return;
  const { shape } = parameter;
  if (shape === undefined || !shape.every(isOne)) unknown('may scale each row by a number of its own');
}

/** By numpy's rules: the last two dimensions are matrices, those before them broadcast, and a vector is a matrix of one. */
export function matMul(left: Ranked, right: Ranked): Tracked {
  const [a, b] = [left.shape.length, right.shape.length];
  if (a === 0 || b === 0) unknown('multiplies scalars');
  if (left.axis === a - 1) mixes(`sums over dimension ${left.axis}`);
  if (right.axis === Math.max(0, b - 2)) mixes(`sums over dimension ${right.axis}`);
  // The rows of the left matrices, and the columns of the right ones.
  const outer = [left.axis === a - 2 ? 0 : undefined, right.axis === b - 1 && b > 1 ? 1 : undefined];
  const stacked = broadcast([stackOf(left), stackOf(right)]);
  const rank = stacked.shape!.length;
  const places = [stacked.axis, ...outer.map((place) => (place === undefined ? undefined : rank + place))];
  const found = places.filter((place) => place !== undefined);
  if (found.length > 1) mixes('multiplies every row by all others');
  const full = tensorOf(found[0], [
    ...stacked.shape!,
    a > 1 ? left.shape[a - 2] : ONE,
    b > 1 ? right.shape[b - 1] : ONE,
  ]);
  return withoutVectors(full, a === 1, b === 1);
}

/** The dimensions in front of the matrices. */
function stackOf({ axis, shape }: Ranked): Tracked {
  const stack = shape.slice(0, -2);
  return { axis: axis !== undefined && axis < stack.length ? axis : undefined, shape: stack };
}

/** Of a vector, its matrix's one row or column is taken away again. */
function withoutVectors({ axis, shape }: Tracked, left: boolean, right: boolean): Tracked {
  const rank = shape!.length;
  const gone = [...(left ? [rank - 2] : []), ...(right ? [rank - 1] : [])];
  const before = gone.filter((at) => axis !== undefined && at < axis).length;
  return tensorOf(
    axis === undefined ? undefined : axis - before,
    shape!.filter((_, at) => !gone.includes(at)),
  );
}

function gemm(step: Step): Tracked {
  const left = turned(step.ranked(0), step.int('transA', 0) !== 0);
  const right = turned(step.ranked(1), step.int('transB', 0) !== 0);
  const result = matMul(left, right);
  if (!step.has(2)) return result;
  return broadcast([result, step.tensor(2)]);
}

function turned({ axis, shape }: Ranked, isTurned: boolean): Ranked {
  if (shape.length !== 2) return unknown('multiplies tensors that are no matrices');
  if (!isTurned) return { axis, shape };
  return { axis: axis === undefined ? undefined : 1 - axis, shape: [...shape].reverse() };
}

/** Each letter of the equation is a dimension: rows must have one of their own, and it must stay. */
function einsum(step: Step): Tracked {
  const equation = step.text('equation')?.replaceAll(' ', '');
  const [left, output] = equation?.split('->') ?? [];
  if (left === undefined || output === undefined || equation!.includes('.'))
    return unknown('has an equation with open parts');
  // A letter each: they are plain ones.
  const terms = left.split(',').map((term) => term.split(''));
  const inputs = terms.map((_, index) => step.ranked(index));
  const sizes = new Map<string, Size>();
  for (const [index, term] of terms.entries())
    for (const [at, letter] of term.entries()) sizes.set(letter, sizes.get(letter) ?? inputs[index]!.shape[at]);
  const letters = new Set(inputs.flatMap(({ axis }, index) => (axis === undefined ? [] : [terms[index]![axis]!])));
  if (letters.size > 1) mixes('multiplies rows by others');
  const [letter] = letters;
  const shape = output.split('').map((each) => sizes.get(each));
  if (letter === undefined) return { shape };
  for (const [index, term] of terms.entries()) requireOwn(term, letter, inputs[index]!);
  const axis = output.indexOf(letter);
  if (axis === -1) mixes('sums over the rows');
  if (output.lastIndexOf(letter) !== axis) unknown('repeats the rows');
  return tensorOf(axis, shape);
}

function requireOwn(term: readonly string[], letter: string, { axis }: Ranked): void {
  const places = term.flatMap((each, at) => (each === letter ? [at] : []));
  if (places.length > 1 || (places.length === 1 && places[0] !== axis)) unknown('gives each row a constant of its own');
}
