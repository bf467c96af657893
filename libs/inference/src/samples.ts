import {
  allocate,
  copyInto,
  type Datatype,
  DYNAMIC,
  elementCount,
  type Signature,
  type Tensor,
  type TensorData,
  type Tensors,
  type TensorSpec,
  viewOf,
} from '#tensor';

/** The size of an open dimension: enough for a convolution, and cheap to compute. */
const OPEN_SIZE = 8;
/** The most input elements of a run that no request asked for: a larger one might take minutes, or all memory. */
const MOST_ELEMENTS = 4 * 2 ** 20;
/** How many elements are computed one by one; longer tensors repeat them. */
const PATTERN = 65_536;

export interface SampleOptions {
  /** Fewer if they are large, but at least two. */
  readonly count?: number;
  /** The size of an open first dimension. */
  readonly first?: number;
  /** The size of other open dimensions. */
  readonly inner?: number;
  /** The factor of floating-point numbers without examples. */
  readonly scale?: number;
}

/**
 * Inputs that fit a signature and differ from each other: the examples, then the same with other numbers; without examples,
 * inputs made from the signature alone, which differ in every input. The same every time. A BOOL input of few elements can
 * only alternate.
 *
 * It changes only floating-point numbers of examples: whole numbers are often sample rates, masks or indices, for which other
 * values do not exist. It changes them only if a model has nothing else.
 *
 * @param examples inputs known to make sense; those not of the first one's shapes are left out, so that all samples can
 * share a batch
 * @returns none if one would have more than 4 Mi elements
 */
export function makeSamples(
  signature: Signature,
  examples: readonly Tensors[] = [],
  { count: wanted = 8, first = 1, inner = OPEN_SIZE, scale = 1 }: SampleOptions = {},
): Tensors[] {
  const bases = examples.filter((example) =>
    signature.inputs.every(({ name }) => sameShape(example[name], examples[0]![name])),
  );
  const sizes = { first, inner };
  const shapes = signature.inputs.map(({ name, shape }) => bases[0]?.[name]!.shape ?? sized(shape, sizes));
  const fitting = fittingTimes(shapes);
  if (fitting < 1) return [];
  const count = Math.min(wanted, Math.max(2, fitting));
  const columns = signature.inputs.map((spec) => {
    const given = bases.map((base) => base[spec.name]!);
    if (given.length > 0 && !isChanged(spec, signature))
      return Array.from({ length: count }, (_, k) => given[k % given.length]!);
    return distinct(spec, given, count, (seed) => made({ ...spec, shape: sized(spec.shape, sizes) }, seed, scale));
  });
  return Array.from({ length: count }, (_, k) =>
    Object.fromEntries(columns.map((column, at) => [signature.inputs[at]!.name, column[k]!])),
  );
}

/** How many rows like this one a run may have that no request asked for; 0 if even one is too large. */
export function mostInventedRows(row: Tensors): number {
  return fittingTimes(Object.values(row).map(({ shape }) => shape));
}

function fittingTimes(shapes: readonly (readonly number[])[]): number {
  const elements = shapes.reduce((sum, shape) => sum + elementCount(shape), 0);
  return Math.floor(MOST_ELEMENTS / Math.max(1, elements));
}

interface Sizes {
  readonly first: number;
  readonly inner: number;
}

function sized(shape: readonly number[], { first, inner }: Sizes): number[] {
  return shape.map((dimension, axis) => (dimension === DYNAMIC ? (axis === 0 ? first : inner) : dimension));
}

/** Whether to change an input of examples: a floating-point input, or any input that is the only one. */
function isChanged({ datatype }: TensorSpec, { inputs }: Signature): boolean {
  return inputs.length === 1 || datatype === 'FP16' || datatype === 'FP32' || datatype === 'FP64';
}

function sameShape(one: Tensor | undefined, other: Tensor | undefined): boolean {
  return one !== undefined && one.shape.join() === other?.shape.join();
}

/** How many perturbations to try until a value is new; a BOOL may have no new value. */
const ATTEMPTS = 8;

function distinct(spec: TensorSpec, bases: readonly Tensor[], count: number, make: (seed: number) => Tensor): Tensor[] {
  const tensors: Tensor[] = [];
  for (let k = 0; k < count; k += 1) {
    const isKnown = (tensor: Tensor) => tensors.some((other) => sameData(other, tensor));
    const base = bases[k % bases.length];
    const variant = (seed: number): Tensor => (base === undefined ? make(seed) : changed(base, seed));
    let tensor = bases[k] ?? variant(k);
    for (let attempt = 0; attempt < ATTEMPTS && isKnown(tensor); attempt += 1) tensor = variant(k + attempt * count);
    tensors.push(tensor);
  }
  return tensors;
}

function changed(base: Tensor, seed: number): Tensor {
  const perturb = PERTURB[base.datatype];
  return {
    ...base,
    data: filled(base.datatype, base.data.length, (j) => perturb(base.data[j] as never, seed, j)),
  };
}

function sameData(one: Tensor, other: Tensor): boolean {
  return Array.prototype.every.call(one.data, (value, at) => Object.is(value, other.data[at]));
}

function made({ datatype, shape }: TensorSpec, k: number, scale: number): Tensor {
  const scaled = scale !== 1 && (datatype === 'FP32' || datatype === 'FP64');
  const value = (j: number): Value => (scaled ? spread(k, j) * scale : MAKE[datatype](k, j));
  const data = filled(datatype, Math.min(PATTERN, elementCount(shape)), value);
  return { datatype, shape, data: repeated(data, allocate(datatype, elementCount(shape))) };
}

function repeated(pattern: TensorData, whole: TensorData): TensorData {
  for (let at = 0; at < whole.length; at += pattern.length)
    copyInto(whole, viewOf(pattern, 0, Math.min(pattern.length, whole.length - at)), at);
  return whole;
}

type Value = number | bigint | string;

function filled(datatype: Datatype, length: number, value: (j: number) => Value): TensorData {
  const data = allocate(datatype, length);
  for (let j = 0; j < length; j += 1) data[j] = value(j);
  return data;
}

/** A number in [0, 1) that looks random but is the same for the same sample and element. */
function noise(k: number, j: number): number {
  const mixed = Math.imul((k + 1) ^ Math.imul(j + 1, 0x9e3779b1), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

/** Up or down by up to a half. */
const stretched = (x: number, k: number, j: number): number => {
  const change = noise(k, j) - 0.5;
  return Number.isFinite(x) && x !== 0 ? x * (1 + change) : change;
};

/** Towards zero where there is room: an integer is often an index, and smaller ones exist. */
const shifted = (x: number, k: number): number => (x >= k ? x - k : x + k);

/** The bits of a half between 0.5 and 4: exponents 14 to 16. */
const halfBits = (k: number, j: number): number => 0x3800 + ((k * 0x181 + Math.floor(noise(k, j) * 0x180)) % 0x0c00);

const PERTURB: Record<Datatype, (x: never, k: number, j: number) => Value> = {
  BOOL: (_, k, j) => (k >> (j % 3)) & 1,
  UINT8: shifted,
  UINT16: shifted,
  UINT32: shifted,
  UINT64: (x: bigint, k) => (x >= k ? x - BigInt(k) : x + BigInt(k)),
  INT8: shifted,
  INT16: shifted,
  INT32: shifted,
  INT64: (x: bigint, k) => (x >= k ? x - BigInt(k) : x + BigInt(k)),
  // Other mantissa bits: a change of at most a factor of two, whatever the exponent.
  FP16: (x: number, k) => (x & 0x7fff ? x ^ (((k + 1) * 0x6b) & 0x3ff) : halfBits(k, 0)),
  FP32: stretched,
  FP64: stretched,
  BYTES: (x: string, k) => `${x}${k}`,
};

const small = (k: number, j: number): number => k + (j % 3);
/** Mostly positive, over three orders of magnitude: it passes thresholds, and logarithms stay finite. */
const spread = (k: number, j: number): number =>
  ((k % 4 === 3 ? -1 : 1) * (k + 0.1 + noise(k, j) / 2) * 10 ** ((k + j) % 3)) / 4;

const MAKE: Record<Datatype, (k: number, j: number) => Value> = {
  BOOL: (k, j) => (k >> (j % 3)) & 1,
  UINT8: small,
  UINT16: small,
  UINT32: small,
  UINT64: (k, j) => BigInt(small(k, j)),
  INT8: small,
  INT16: small,
  INT32: small,
  INT64: (k, j) => BigInt(small(k, j)),
  FP16: halfBits,
  FP32: spread,
  FP64: spread,
  // Of other lengths and numbers of words.
  BYTES: (k, j) => `sample ${'of words '.repeat(k)}${k}.${j}`,
};
