import { describe, listNames, NestorError, quote, showShape } from '#errors';
import { DYNAMIC, elementCount, noTensors, type Signature, type Tensor, type Tensors, type TensorSpec } from '#tensor';
import type { ModelVersion } from './model-version.ts';
import { cutsTensors } from './rows/rows-decision.ts';

/**
 * The largest product of the other dimensions of a tensor with an empty one: an operator may expand it to that size.
 */
const MOST_SPANNED_BY_NOTHING = 2 ** 20;
const MOST_PER_DIMENSION = 2 ** 31 - 1;

/** What a request's tensors are checked against: the model's signature and limits. */
export interface InferTarget {
  readonly signature: Signature;
  /** Whether the first dimension of every input and output is rows. If so, tensors are cut into rows. */
  readonly hasRows: boolean;
  /** Whether the model takes only one row at a time, so that several rows run one after the other. */
  readonly oneAtATime: boolean;
  readonly maxRows: number;
}

export function targetOf({ signature, rows, limits }: ModelVersion): InferTarget {
  return { signature, hasRows: cutsTensors(rows), oneAtATime: rows.oneAtATime, maxRows: limits.maxRows };
}

/** One request's tensors, of the right names, datatypes and shapes. */
export interface CollectedInputs {
  readonly inputs: Tensors;
  /** The first dimension of the inputs, the largest if they differ; 1 if it is not rows. */
  readonly rows: number;
  /** Whether they cannot be cut into rows: their first dimensions differ, as for a broadcast input, or are empty. */
  readonly whole: boolean;
}

/** An input whose name, datatype and shape fit the model, before its data is read. */
export interface ExpectedInput {
  readonly spec: TensorSpec;
  readonly shape: readonly number[];
  /** The number of elements of the shape. */
  readonly count: number;
}

/**
 * Collects one request's inputs and checks them against the model's signature, in any wire format. It checks names,
 * datatypes and shapes before any data is read.
 */
export class InputCollector {
  readonly #target: InferTarget;
  readonly #tensors = noTensors();
  readonly #seen = new Set<string>();
  readonly #rows = new Set<number>();

  constructor(target: InferTarget) {
    this.#target = target;
  }

  /** @throws NestorError INVALID_TENSOR, TOO_MANY_ROWS; NO_ROWS for a model that takes one row at a time */
  expect(name: string, datatype: unknown, shape: unknown): ExpectedInput {
    const spec = this.#specOf(name);
    if (this.#seen.has(name)) throw new NestorError('INVALID_TENSOR', `Input ${quote(name)} is given twice.`);
    this.#seen.add(name);
    if (datatype !== spec.datatype) {
      const came = datatype === undefined ? 'has no datatype' : `has datatype ${describe(datatype)}`;
      throw new NestorError('INVALID_TENSOR', `Input ${quote(name)} ${came}; the model takes ${spec.datatype}.`);
    }
    const fitting = fittingShape(shape, spec);
    if (this.#target.hasRows) this.#noteRows(name, fitting[0]!);
    return { spec, shape: fitting, count: elementCount(fitting) };
  }

  add(name: string, tensor: Tensor): void {
    this.#tensors[name] = tensor;
  }

  /** @throws NestorError INVALID_TENSOR if an input is missing */
  finish(): CollectedInputs {
    const { inputs } = this.#target.signature;
    if (this.#seen.size !== inputs.length) {
      const missing = inputs.map(({ name }) => name).filter((name) => !this.#seen.has(name));
      throw new NestorError('INVALID_TENSOR', `These inputs of the model are missing: ${listNames(missing)}.`);
    }
    if (!this.#target.hasRows) return { inputs: this.#tensors, rows: 1, whole: false };
    const rows = Math.max(...this.#rows);
    // Inputs that the model takes unchanged run as a whole, since its outputs need not have rows.
    const whole = this.#target.oneAtATime ? rows === 1 : this.#rows.size > 1 || rows === 0;
    return { inputs: this.#tensors, rows, whole };
  }

  #specOf(name: string): TensorSpec {
    const { inputs } = this.#target.signature;
    const spec = inputs.find((input) => input.name === name);
    if (spec !== undefined) return spec;
    const known = listNames(inputs.map((input) => input.name));
    throw new NestorError('INVALID_TENSOR', `The model has no input ${quote(name)}; it takes ${known}.`);
  }

  #noteRows(name: string, rows: number): void {
    const { maxRows, oneAtATime } = this.#target;
    if (rows > maxRows) {
      throw new NestorError(
        'TOO_MANY_ROWS',
        `Input ${quote(name)} has ${rows} rows; at most ${maxRows} are taken at once.`,
      );
    }
    this.#rows.add(rows);
    if (!oneAtATime) return;
    if (rows === 0) throw new NestorError('NO_ROWS', `Input ${quote(name)} has no rows: its first dimension is 0.`);
    if (this.#rows.size === 1) return;
    const [before] = this.#rows;
    throw new NestorError(
      'INVALID_TENSOR',
      `Input ${quote(name)} has ${rows} row(s) in its first dimension, the inputs before it ${before}; all must have the same.`,
    );
  }
}

function fittingShape(shape: unknown, { name, shape: expected }: TensorSpec): readonly number[] {
  if (!Array.isArray(shape))
    throw misshapen(name, shape === undefined ? 'has no shape' : `has shape ${describe(shape)}`, expected);
  const fits =
    shape.length === expected.length &&
    shape.every((dimension, axis) => isSize(dimension) && takes(expected[axis]!, dimension));
  if (!fits || (shape.includes(0) && spanOf(shape) > MOST_SPANNED_BY_NOTHING)) {
    throw misshapen(name, `has shape ${showShape(shape)}`, expected);
  }
  return shape as number[];
}

function misshapen(name: string, came: string, expected: readonly number[]): NestorError {
  const meaning = expected.includes(DYNAMIC) ? ', where -1 is any size' : '';
  return new NestorError(
    'INVALID_TENSOR',
    `Input ${quote(name)} ${came}; the model takes ${showShape(expected)}${meaning}.`,
  );
}

const isSize = (dimension: unknown): dimension is number =>
  Number.isInteger(dimension) && (dimension as number) >= 0 && (dimension as number) <= MOST_PER_DIMENSION;

const takes = (expected: number, dimension: number): boolean => expected === DYNAMIC || expected === dimension;

const spanOf = (shape: readonly number[]): number => shape.reduce((span, dimension) => span * (dimension || 1), 1);
