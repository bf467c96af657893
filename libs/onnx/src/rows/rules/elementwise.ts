import { isOne, isSame, numberOf, ONE, type Size } from '../size.ts';
import { mixes, Random, unknown } from '../stop.ts';
import { each, fromFront, type Rules, type Step } from '../step.ts';
import { hasRows, tensorOf, type Tracked } from '../tracked.ts';

const UNARY = `Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Cast Ceil Celu Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid
  HardSwish Identity IsInf IsNaN LeakyRelu Log Mish Neg Not Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh
  Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu RegexFullMatch`;

const BROADCASTING = `Add And BitShift BitwiseAnd BitwiseOr BitwiseXor Div Equal Greater GreaterOrEqual Less LessOrEqual Max
  Mean Min Mod Mul Or PRelu Pow StringConcat Sub Sum Where Xor`;

/** Operators that make each element of the elements at the same place. */
export const ELEMENTWISE: Rules = {
  ...each(UNARY, (step) => unary(step.tensor(0))),
  // Clip's bounds are scalars, or attributes before opset 11.
  ...each(`${BROADCASTING} Clip`, (step) => broadcast(step.tensors())),
  CastLike: (step) => {
    step.pass(1);
    return unary(step.tensor(0));
  },
  Dropout: dropout,
  QuantizeLinear: scaled,
  DequantizeLinear: scaled,
};

/** The shape and the rows of a tensor, without its numbers. */
export function unary({ axis, shape }: Tracked): Tracked {
  return { axis, shape };
}

/**
 * Tensors whose elements meet by numpy's rule: shapes are aligned at their ends, and a size of 1 stands for any. Rows
 * must meet rows, or something that is the same for all of them.
 */
export function broadcast(tensors: readonly Tracked[]): Tracked {
  const shapes = tensors.map(({ shape }) => shape);
  if (shapes.includes(undefined)) {
    if (tensors.some(hasRows)) unknown('combines rows with a tensor whose rank is not known');
    return { shape: undefined };
  }
  const rank = Math.max(...shapes.map((shape) => shape!.length));
  const places = new Set(tensors.filter(hasRows).map(({ axis, shape }) => axis + rank - shape.length));
  if (places.size > 1) mixes('lines up the rows of one input with another dimension of the other');
  const [axis] = places;
  if (axis !== undefined) for (const tensor of tensors) requireAligned(tensor, axis, rank);
  const sizes = Array.from({ length: rank }, (_, at) =>
    tensors.map(({ shape }) => sizeAt(shape!, at, rank)).reduce(joined),
  );
  return tensorOf(axis, sizes);
}

/** The size of a shape at a place of the longer shape that it is aligned with; 1 in front of its own. */
function sizeAt(shape: readonly Size[], at: number, rank: number): Size {
  const own = at - (rank - shape.length);
  return own < 0 ? ONE : shape[own];
}

/** Throws where a tensor without rows has other than one element along the rows: which row meets which would matter. */
export function requireAligned(tensor: Tracked, axis: number, rank: number): void {
  if (hasRows(tensor)) return;
  const size = sizeAt(tensor.shape!, axis, rank);
  if (isOne(size)) return;
  if (numberOf(size) !== undefined) mixes(`gives each row a constant of its own along dimension ${axis}`);
  unknown(`combines rows with a tensor whose size along dimension ${axis} is not known`);
}

function joined(one: Size, other: Size): Size {
  if (isOne(one) || isSame(one, other)) return other;
  if (isOne(other)) return one;
  // A size that is known not to be 1 holds for both; of two open ones either may be the 1.
  return [one, other].find((size) => numberOf(size) !== undefined);
}

/** In training some elements are left out by chance. */
function dropout(step: Step): readonly Tracked[] {
  const training = step.has(2) ? step.integers(2) : [0];
  if (training![0] !== 0) throw new Random();
  step.constant(1);
  const output = unary(step.tensor(0));
  return [output, output];
}

/** Scale and zero point are one for all, or one for each place along an axis. */
function scaled(step: Step): Tracked {
  const input = step.ranked(0);
  const scale = step.constant(1);
  step.constant(2);
  if (!hasRows(input)) return unary(input);
  if (scale?.shape === undefined) return unknown('scales rows by a tensor whose rank is not known');
  const [length] = scale.shape;
  const isScalar = scale.shape.length === 0 || (scale.shape.length === 1 && isOne(length));
  if (isScalar) return unary(input);
  if (step.int('block_size', 0) !== 0) unknown('scales in blocks');
  if (fromFront(step.int('axis', 1), input.shape.length) === input.axis) mixes('gives each row a scale of its own');
  return unary(input);
}
