import { exactly, numberOf } from '../size.ts';
import { mixes, Random, unknown } from '../stop.ts';
import { each, type Rules, type Step } from '../step.ts';
import { hasRows, isConstant } from '../tracked.ts';

/** Operators that make numbers of shapes, and those that bring in what no input holds. What they count is in `numbers.ts`. */
export const COUNTING: Rules = {
  Constant: (step) => {
    const stored = step.tensorAttribute('value');
    if (stored !== undefined) return { shape: stored.shape.map(exactly) };
    const list = [...step.node.attributes.values()].find((value) => Array.isArray(value));
    if (list !== undefined) return { shape: [exactly((list as readonly unknown[]).length)] };
    return step.node.attributes.size === 1 ? { shape: [] } : unknown('is of a kind that cannot be read');
  },
  Shape: (step) => {
    const rank = step.aside(0)?.shape?.length;
    if (rank === undefined) return unknown('asks for a shape whose rank is not known');
    const [start, end] = rangeOf(step, rank);
    return { shape: [exactly(Math.max(0, end - start))] };
  },
  Size: (step) => {
    step.aside(0);
    return { shape: [] };
  },
  Range: (step) => {
    if (!step.tensors().every(isConstant)) mixes('makes a series whose elements or length depend on the rows');
    const [start, limit, delta] = [0, 1, 2].map((index) => step.constant(index)?.numbers?.[0]);
    const isCount = start !== 'varies' && numberOf(start) === 0 && delta !== 'varies' && numberOf(delta) === 1;
    return { shape: [isCount && limit !== 'varies' ? limit : undefined] };
  },
  DynamicQuantizeLinear: (step) => {
    if (hasRows(step.tensor(0))) mixes('takes the range of the whole tensor, of all rows');
    return unknown('quantises a constant');
  },
  ...each('Bernoulli Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike', () => {
    throw new Random();
  }),
};

/** The dimensions that Shape gives, from opset 15 on. */
export function rangeOf(step: Step, rank: number): [start: number, end: number] {
  const clamped = (at: number): number => Math.min(Math.max(at < 0 ? at + rank : at, 0), rank);
  return [clamped(step.int('start', 0)), clamped(step.int('end', rank))];
}
