import type { AnsweredTensor } from './protocols.ts';
import type { SuiteTensor } from './backend-test.ts';
import { isFloat, type Values } from './values.ts';

/**
 * How far an element may be off: this much of itself, and a tenth of this much of the tensor's greatest, which stands
 * for what is rounded on the way to it. Rows that run together take other paths through the same kernels.
 */
export const TOLERANCE: Readonly<Record<string, number>> = { FP16: 2e-3, FP32: 1e-5, FP64: 1e-10 };

/**
 * What is wrong with the answers, as a sentence part; undefined where they are right: the same outputs, datatypes and
 * shapes, and the same elements, floats within their tolerance. NaN equals NaN.
 *
 * @param random whether the elements are of no meaning
 */
export function difference(
  expected: readonly SuiteTensor[],
  answered: readonly AnsweredTensor[],
  random: boolean,
): string | undefined {
  for (const tensor of expected) {
    const answer = answered.find(({ name }) => name === tensor.name);
    if (answer === undefined) return `output ${tensor.name} is missing`;
    const found = tensorDifference(tensor, answer, random);
    if (found !== undefined) return `output ${tensor.name} ${found}`;
  }
  return undefined;
}

function tensorDifference(expected: SuiteTensor, answer: AnsweredTensor, random: boolean): string | undefined {
  const { datatype, shape, values } = expected;
  if (answer.datatype !== datatype) return `is ${answer.datatype}, not ${datatype}`;
  if (answer.shape.join() !== shape.join()) return `has shape [${answer.shape.join()}], not [${shape.join()}]`;
  if (answer.values.length !== values.length) return `has ${answer.values.length} elements, not ${values.length}`;
  if (random) return undefined;
  const matches = isFloat(datatype) ? floatsMatch(datatype, values) : sameText;
  for (let at = 0; at < values.length; at += 1) {
    const [one, other] = [values[at]!, answer.values[at]!];
    if (!matches(one, other)) return `has ${String(other)} at ${at}, not ${String(one)}`;
  }
  return undefined;
}

type Element = Values[number];

/** Integers, booleans and strings; a boolean is 0 or 1 in bytes and a word in JSON. */
function sameText(one: Element, other: Element): boolean {
  return String(typeof other === 'boolean' ? Number(other) : other) === String(one);
}

function floatsMatch(datatype: string, values: Values): (one: Element, other: Element) => boolean {
  const relative = TOLERANCE[datatype]!;
  let greatest = 0;
  for (let at = 0; at < values.length; at += 1) {
    const size = Math.abs(Number(values[at]));
    if (size > greatest && size < Infinity) greatest = size;
  }
  return (one, other) => {
    const [wanted, got] = [Number(one), Number(other)];
    if (other === null) return !Number.isFinite(wanted); // as JSON has what is not finite
    if (Object.is(wanted, got) || wanted === got) return true;
    return Math.abs(wanted - got) <= relative * (Math.abs(wanted) + greatest / 10);
  };
}
