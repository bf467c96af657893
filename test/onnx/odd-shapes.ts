import type { SuiteTensor } from './backend-test.ts';
import { valuesOf } from './values.ts';

/** A test's inputs in shapes that nobody exported the model for. */
export interface Oddity {
  /** Such as `X[1] is 0`. */
  readonly name: string;
  readonly inputs: readonly SuiteTensor[];
}

type Resize = (tensor: SuiteTensor, axis: number, size: number) => number;

/** Of how many dimensions at most every two are emptied together. */
const PAIRED = 16;

/**
 * Empty dimensions: each alone, and every two; all of one size together, which may have to agree; the same axis of every
 * input; all dimensions of one input, and of all.
 */
export function emptyShapes(inputs: readonly SuiteTensor[]): Oddity[] {
  const dimensions = dimensionsOf(inputs);
  const pairs = dimensions.flatMap((one, at) => dimensions.slice(at + 1).map((other) => [one, other]));
  return distinct(inputs, [
    ...dimensionsOf(inputs).map(([input, axis]) => at(input, axis, 0)),
    ...sizesOf(inputs).map((old) => everywhere(old, 0)),
    ...axesOf(inputs).map((axis) => named(`axis ${axis} is 0`, (_, own, size) => (own === axis ? 0 : size))),
    ...inputs.map((input) =>
      named(`all of ${input.name} is 0`, ({ name }, _, size) => (name === input.name ? 0 : size)),
    ),
    named('all is 0', () => 0),
    ...(dimensions.length > PAIRED ? [] : pairs).map((pair) =>
      named('two are 0', ({ name }, own, size) =>
        pair.some(([input, axis]) => input.name === name && axis === own) ? 0 : size,
      ),
    ),
  ]);
}

/** Empty dimensions, single ones, odd sizes where they have to agree and where they do not. */
export function oddShapes(inputs: readonly SuiteTensor[]): Oddity[] {
  return distinct(inputs, [
    ...[0, 1, 7].flatMap((size) => [
      ...dimensionsOf(inputs).map(([input, axis]) => at(input, axis, size)),
      ...sizesOf(inputs).map((old) => everywhere(old, size)),
    ]),
    ...[0, 1, 3, 17].map((size) => named(`all is ${size}`, () => size)),
    named('each is one more', (_, __, size) => size + 1),
  ]);
}

type Named = readonly [name: string, resize: Resize];
const named = (name: string, resize: Resize): Named => [name, resize];

const at = (input: SuiteTensor, axis: number, to: number): Named =>
  named(`${input.name}[${axis}] is ${to}`, ({ name }, own, size) => (name === input.name && own === axis ? to : size));

const everywhere = (old: number, to: number): Named =>
  named(`every ${old} is ${to}`, (_, __, size) => (size === old ? to : size));

const dimensionsOf = (inputs: readonly SuiteTensor[]): [SuiteTensor, number][] =>
  inputs.flatMap((input) => input.shape.map((_, axis): [SuiteTensor, number] => [input, axis]));

const sizesOf = (inputs: readonly SuiteTensor[]): number[] => [...new Set(inputs.flatMap(({ shape }) => shape))];

const axesOf = (inputs: readonly SuiteTensor[]): number[] => [
  ...new Set(inputs.flatMap(({ shape }) => shape.map((_, axis) => axis))),
];

/** More elements than this, where the test has fewer, are no odd shape but a large request. */
const MOST_ELEMENTS = 2 ** 18;

function distinct(inputs: readonly SuiteTensor[], changes: readonly Named[]): Oddity[] {
  const known = new Set([shapesOf(inputs)]);
  const most = Math.max(MOST_ELEMENTS, elementsOf(inputs));
  return changes.flatMap(([name, resize]) => {
    const shaped = inputs.map((tensor) => ({
      ...tensor,
      shape: tensor.shape.map((size, axis) => resize(tensor, axis, size)),
    }));
    if (known.has(shapesOf(shaped)) || elementsOf(shaped) > most) return [];
    known.add(shapesOf(shaped));
    return [{ name, inputs: inputs.map((tensor, at) => filled(tensor, shaped[at]!.shape)) }];
  });
}

const elementsOf = (inputs: readonly { readonly shape: readonly number[] }[]): number =>
  inputs.reduce((sum, { shape }) => sum + count(shape), 0);

const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

export const shapesOf = (inputs: readonly Pick<SuiteTensor, 'name' | 'shape'>[]): string =>
  inputs.map(({ name, shape }) => `${name}[${shape.join()}]`).join(' ');

/** The same elements over and over, or as many of them as there is room for: an index stays one that is there. */
function filled(tensor: SuiteTensor, shape: readonly number[]): SuiteTensor {
  const length = count(shape);
  if (shape.join() === tensor.shape.join() || (tensor.values.length === 0 && length > 0)) return tensor;
  const bytes = repeated(tensor, length);
  return { ...tensor, shape, bytes, values: valuesOf(tensor.datatype, bytes) };
}

function repeated({ datatype, bytes, values }: SuiteTensor, length: number): Uint8Array {
  const elements =
    datatype === 'BYTES'
      ? Array.from(values, (value) => lengthened(String(value)))
      : Array.from(values, (_, index) => {
          const width = bytes.length / values.length;
          return bytes.subarray(index * width, (index + 1) * width);
        });
  return Buffer.concat(Array.from({ length }, (_, index) => elements[index % elements.length]!));
}

function lengthened(text: string): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}
