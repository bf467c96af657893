import { ELEMENT } from '../model-file/model-file.ts';
import { exactly, isSame, numberOf, ONE, product, quotient, type Size, times } from './size.ts';
import { rangeOf } from './rules/counting.ts';
import type { Step } from './step.ts';
import { dependsOnCount, type Element } from './tracked.ts';

/** Longer tensors are no shapes. */
const MAX_NUMBERS = 64;
/** Beyond it a float does not hold every whole number. */
const LARGEST_EXACT = 2 ** 24;

/**
 * The contents of what a node makes of shapes and other small tensors of whole numbers: what exporters compute shapes with.
 * @param shape of the node's first output, which has no rows
 * @returns undefined where the operator is none of these, or its inputs are not known
 */
export function numbersOf(step: Step, shape: readonly Size[] | undefined): readonly Element[] | undefined {
  const make = Object.hasOwn(MAKERS, step.node.operator) ? MAKERS[step.node.operator] : undefined;
  const count = shape === undefined ? undefined : numberOf(product(shape));
  if (make === undefined || count === undefined || count > MAX_NUMBERS || shape!.length > 1) return undefined;
  const numbers = make(step, count);
  return numbers?.length === count ? numbers : undefined;
}

type Maker = (step: Step, count: number) => readonly Element[] | undefined;

const same: Maker = (step) => step.aside(0)?.numbers;

const MAKERS: Readonly<Record<string, Maker>> = {
  Constant: constant,
  ConstantOfShape: (step, count) => {
    const value = step.tensorAttribute('value');
    const number = value === undefined ? 0 : value.numbers?.[0];
    return number === undefined ? undefined : Array<Size>(count).fill(exactly(number));
  },
  Shape: (step) => {
    const { shape } = step.aside(0)!;
    return shape?.slice(...rangeOf(step, shape.length));
  },
  Size: (step) => {
    const { shape, axis } = step.aside(0)!;
    const size = shape === undefined ? undefined : product(shape);
    return [size ?? (axis === undefined ? undefined : 'varies')];
  },
  Cast: cast,
  ...{ Identity: same, Flatten: same, Reshape: same, Squeeze: same, Unsqueeze: same },
  Concat: (step) => {
    const parts = Array.from({ length: step.inputCount }, (_, index) => step.aside(index)?.numbers);
    return parts.includes(undefined) ? undefined : parts.flatMap((part) => part!);
  },
  Gather: (step) => {
    const numbers = step.aside(0)?.numbers;
    const places = step.aside(1)?.numbers?.map(plain);
    if (numbers === undefined || places === undefined || places.includes(undefined)) return undefined;
    return places.map((place) => (place! < 0 ? numbers.at(place!) : numbers[place!]));
  },
  Slice: slice,
  ReduceProd: (step) => {
    const numbers = step.aside(0)?.numbers;
    return numbers === undefined ? undefined : [numbers.reduce(multiplied, ONE)];
  },
  Where: (step, count) =>
    zipped(step, count, (condition, one, other) => {
      const holds = plain(condition);
      if (holds === undefined) return unknownOf(condition, one, other);
      return holds === 0 ? other! : one!;
    }),
  Mul: (step, count) => zipped(step, count, (one, other) => multiplied(one, other)),
  Div: (step, count) =>
    zipped(step, count, (one, other) => {
      const divided = one === 'varies' || other === 'varies' ? undefined : quotient(one, other);
      return divided ?? unknownOf(one, other);
    }),
  Add: (step, count) =>
    zipped(
      step,
      count,
      calculated((a, b) => a + b),
    ),
  Sub: (step, count) =>
    zipped(
      step,
      count,
      calculated((a, b) => a - b),
    ),
  Equal: (step, count) => zipped(step, count, (one, other) => equal(one, other)),
};

function constant(step: Step): readonly Element[] | undefined {
  const stored = step.tensorAttribute('value');
  if (stored !== undefined) return stored.numbers?.map(exactly);
  return (
    step.ints('value_ints') ??
    step.ints('value_int') ??
    step.ints('value_floats') ??
    step.ints('value_float')
  )?.map(exactly);
}

/** Whole numbers between the datatypes in which shapes are computed; sizes that are open may be too large for a float. */
function cast(step: Step): readonly Element[] | undefined {
  const numbers = step.aside(0)?.numbers;
  const to = step.int('to', 0);
  const isInteger = to === ELEMENT.INT64 || to === ELEMENT.INT32;
  if (!isInteger && to !== ELEMENT.FLOAT && to !== ELEMENT.DOUBLE) return undefined;
  return numbers?.map((element) => {
    const number = plain(element);
    if (number === undefined) return isInteger ? element : unknownOf(element);
    return Number.isInteger(number) && Math.abs(number) < LARGEST_EXACT ? element : undefined;
  });
}

/** Of a vector: along its only dimension. */
function slice(step: Step): readonly Element[] | undefined {
  const numbers = step.aside(0)?.numbers;
  const parameter = (name: string, index: number): number | undefined => {
    const value = step.ints(name)?.[0];
    return value ?? plain(step.aside(index)?.numbers?.[0]);
  };
  const [start, end] = [parameter('starts', 1), parameter('ends', 2)];
  const stride = step.has(4) ? parameter('', 4) : 1;
  if (numbers === undefined || start === undefined || end === undefined || stride !== 1) return undefined;
  return numbers.slice(start, end);
}

/** Elements of all inputs at the same place, where a single one stands for all. */
function zipped(
  step: Step,
  count: number,
  combine: (...elements: readonly Element[]) => Element,
): readonly Element[] | undefined {
  const lists = Array.from({ length: step.inputCount }, (_, index) => step.aside(index)?.numbers);
  if (lists.some((list) => list === undefined || (list.length !== 1 && list.length !== count))) return undefined;
  return Array.from({ length: count }, (_, at) => combine(...lists.map((list) => list![list!.length === 1 ? 0 : at])));
}

function plain(element: Element): number | undefined {
  return element === 'varies' ? undefined : numberOf(element);
}

/** A number that is not known: one that may depend on the rows where any of those that it is made of does. */
function unknownOf(...elements: readonly Element[]): Element {
  return elements.some(dependsOnCount) ? 'varies' : undefined;
}

function multiplied(one: Element, other: Element): Element {
  const known = one === 'varies' || other === 'varies' ? undefined : times(one, other);
  return known ?? unknownOf(one, other);
}

function calculated(calculate: (one: number, other: number) => number) {
  return (one: Element, other: Element): Element => {
    const [a, b] = [plain(one), plain(other)];
    return a === undefined || b === undefined ? unknownOf(one, other) : exactly(calculate(a, b));
  };
}

/** A size is never negative, so that it is not the -1 that exporters ask for. */
function equal(one: Element, other: Element): Element {
  const [a, b] = [plain(one), plain(other)];
  if (a !== undefined && b !== undefined) return exactly(a === b ? 1 : 0);
  if (one !== 'varies' && other !== 'varies' && isSame(one, other)) return ONE;
  const isSize = (element: Element): boolean => element !== 'varies' && element !== undefined && element.factor > 0;
  const isNegative = (number: number | undefined): boolean => number !== undefined && number < 0;
  if ((isSize(one) && isNegative(b)) || (isSize(other) && isNegative(a))) return exactly(0);
  return unknownOf(one, other);
}
