import { listed, quote } from '#errors';
import { type Datatype, HalfArray, roundToHalf, type TensorData } from '#tensor';
import { type Category, type Feature, type FeatureType, isFloat } from './feature.ts';
import { describe, type Findings } from './findings.ts';
import { plainDecimal } from './plain-decimal.ts';

const EXPECTED: Readonly<Record<FeatureType, string>> = {
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  string: 'a string',
};

type Numeric = Exclude<Datatype, 'BYTES'>;

/** The lowest and the highest finite value of each datatype; 64-bit integers end where JSON's numbers stop being exact. */
const LIMITS: Readonly<Record<Numeric, readonly [number, number]>> = {
  BOOL: [0, 1],
  UINT8: [0, 0xff],
  UINT16: [0, 0xffff],
  UINT32: [0, 0xffff_ffff],
  UINT64: [0, Number.MAX_SAFE_INTEGER],
  INT8: [-0x80, 0x7f],
  INT16: [-0x8000, 0x7fff],
  INT32: [-0x8000_0000, 0x7fff_ffff],
  INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  FP16: [-65504, 65504],
  FP32: [-3.4028234663852886e38, 3.4028234663852886e38],
  FP64: [-Number.MAX_VALUE, Number.MAX_VALUE],
};

const FLOAT_NAMES: Readonly<Record<string, string>> = { FP16: 'float16', FP32: 'float32', FP64: 'float64' };

/** A literal just above the highest value still rounds to it: numpy prints float32's maximum as 3.4028235e+38. */
const overflows = (datatype: Numeric, value: number): boolean => {
  if (datatype === 'FP32') return !Number.isFinite(Math.fround(value));
  if (datatype === 'FP16') return !Number.isFinite(roundToHalf(value));
  return value < LIMITS[datatype][0] || value > LIMITS[datatype][1];
};

/**
 * Checks one value of a feature and writes it into the storage of its tensor. Nothing is coerced: a value of the wrong
 * type is an issue, and the storage then holds whatever it held.
 */
export abstract class Element {
  protected readonly feature: Feature;
  readonly #categories: ReadonlySet<unknown> | undefined;
  readonly #seenCategories: ReadonlySet<unknown> | undefined;

  constructor(feature: Feature) {
    this.feature = feature;
    this.#categories = feature.categories && new Set(feature.categories);
    this.#seenCategories = feature.seenCategories && new Set(feature.seenCategories);
  }

  /** @param at index in `data`; @param value a JSON value, never undefined */
  abstract write(data: TensorData, at: number, value: unknown, row: number, findings: Findings): void;

  /** A CSV cell as the JSON value it stands for; a cell that stands for none stays text, for `write` to refuse. */
  abstract parse(cell: string): Category;

  /** The number that a part of a text stands for, where it is quickly told; NaN leaves it to `parse`. */
  parsePlain(_text: string, _from: number, _to: number): number {
    return NaN;
  }

  protected get hasCategories(): boolean {
    return this.#categories !== undefined || this.#seenCategories !== undefined;
  }

  protected refuse(value: unknown, row: number, findings: Findings): void {
    const { name, type } = this.feature;
    findings.issue(row, name, findings.listing ? `is ${describe(value)}; ${EXPECTED[type]} is expected` : '');
  }

  /** Whether a value of the right type may be written. */
  protected admits(value: Category, row: number, findings: Findings): boolean {
    const { name, categories, seenCategories } = this.feature;
    if (this.#categories?.has(value) === false) {
      findings.issue(
        row,
        name,
        findings.listing ? `is ${worded(value)}, which is not one of ${listed(categories!, worded)}` : '',
      );
      return false;
    }
    if (this.#seenCategories?.has(value) === false) {
      findings.warn(
        row,
        name,
        `is ${worded(value)}, which was not seen in training (${listed(seenCategories!, worded)})`,
      );
    }
    return true;
  }
}

const worded = (value: Category): string => (typeof value === 'string' ? quote(value) : String(value));

/** JSON's numbers, and what other writers of CSV also print: a plus sign, a bare leading or trailing point. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const isOutside = (value: number, [low, high]: readonly [number, number]): boolean => value < low || value > high;

abstract class NumericElement extends Element {
  readonly #datatype: Numeric;
  readonly #integer: boolean;
  /** Between these two, nothing is left to check but that an integer is one. */
  readonly #plainLow: number;
  readonly #plainHigh: number;

  constructor(feature: Feature, datatype: Numeric) {
    super(feature);
    this.#datatype = datatype;
    this.#integer = feature.type === 'integer';
    const bounds = [LIMITS[datatype], feature.range, feature.seen].filter((pair) => pair !== undefined);
    this.#plainLow = this.hasCategories ? Infinity : Math.max(...bounds.map(([low]) => low));
    this.#plainHigh = Math.min(...bounds.map(([, high]) => high));
  }

  override write(data: TensorData, at: number, value: unknown, row: number, findings: Findings): void {
    if (
      typeof value === 'number' &&
      value >= this.#plainLow &&
      value <= this.#plainHigh &&
      (!this.#integer || Number.isInteger(value))
    ) {
      this.store(data, at, value);
    } else {
      this.#weigh(data, at, value, row, findings);
    }
  }

  override parse(cell: string): number | string {
    const trimmed = cell.trim();
    return NUMBER.test(trimmed) ? Number(trimmed) : cell;
  }

  override parsePlain(text: string, from: number, to: number): number {
    return plainDecimal(text, from, to);
  }

  protected abstract store(data: TensorData, at: number, value: number): void;

  /** The long way: says what is wrong or unusual. */
  #weigh(data: TensorData, at: number, value: unknown, row: number, findings: Findings): void {
    if (this.feature.missing === true && (value === null || Number.isNaN(value))) this.store(data, at, NaN);
    else if (typeof value !== 'number' || Number.isNaN(value)) this.refuse(value, row, findings);
    else if (this.#fits(value, row, findings)) this.store(data, at, value);
  }

  #fits(value: number, row: number, findings: Findings): boolean {
    const { name, range, seen } = this.feature;
    if (overflows(this.#datatype, value)) {
      findings.issue(row, name, this.#beyond(value));
      return false;
    }
    if (this.#integer && !Number.isInteger(value)) {
      this.refuse(value, row, findings);
      return false;
    }
    if (range !== undefined && isOutside(value, range)) {
      findings.issue(row, name, `is ${value}, outside the range that the model takes (${range[0]} to ${range[1]})`);
      return false;
    }
    if (!this.admits(value, row, findings)) return false;
    if (seen !== undefined && isOutside(value, seen)) {
      findings.warn(row, name, `is ${value}, outside the range seen in training (${seen[0]} to ${seen[1]})`);
    }
    return true;
  }

  #beyond(value: number): string {
    const datatype = this.#datatype;
    const [low, high] = LIMITS[datatype];
    // Infinity is what JSON.parse makes of a literal such as 1e400.
    const came = Number.isFinite(value) ? `is ${value}, ` : 'is ';
    if (isFloat(datatype)) return `${came}beyond ${FLOAT_NAMES[datatype]!} (±${high})`;
    if (high !== Number.MAX_SAFE_INTEGER || (low === 0 && value < 0))
      return `${came}beyond ${datatype} (${low} to ${high})`;
    return `${came}beyond 2^53 - 1, where JSON's numbers stop being exact: send larger whole numbers as a tensor (Open Inference Protocol)`;
  }
}

class PlainNumberElement extends NumericElement {
  protected override store(data: TensorData, at: number, value: number): void {
    (data as Float32Array)[at] = value;
  }
}

class HalfElement extends NumericElement {
  readonly #half = new HalfArray(1);
  readonly #bits = new Uint16Array(this.#half.buffer);

  protected override store(data: TensorData, at: number, value: number): void {
    this.#half[0] = value;
    (data as Uint16Array)[at] = this.#bits[0]!;
  }
}

class BigElement extends NumericElement {
  protected override store(data: TensorData, at: number, value: number): void {
    (data as BigInt64Array)[at] = BigInt(value);
  }
}

/** true and false, as 1 and 0 where the tensor holds numbers. */
class BooleanElement extends Element {
  readonly #one: number | bigint;
  readonly #zero: number | bigint;

  constructor(feature: Feature, datatype: Datatype) {
    super(feature);
    const big = datatype === 'INT64' || datatype === 'UINT64';
    const half = datatype === 'FP16';
    this.#one = big ? 1n : half ? 0x3c00 : 1;
    this.#zero = big ? 0n : 0;
  }

  override write(data: TensorData, at: number, value: unknown, row: number, findings: Findings): void {
    if (typeof value !== 'boolean') this.refuse(value, row, findings);
    else if (this.admits(value, row, findings)) data[at] = value ? this.#one : this.#zero;
  }

  /** pandas writes True and False. */
  override parse(cell: string): boolean | string {
    const trimmed = cell.trim();
    if (trimmed === 'true' || trimmed === 'True') return true;
    return trimmed === 'false' || trimmed === 'False' ? false : cell;
  }
}

class TextElement extends Element {
  override write(data: TensorData, at: number, value: unknown, row: number, findings: Findings): void {
    if (typeof value !== 'string') this.refuse(value, row, findings);
    // ONNX Runtime takes UTF-8 that ends at the first NUL: anything else would reach the model changed.
    else if (value.includes('\0')) findings.issue(row, this.feature.name, 'holds a NUL character');
    else if (!value.isWellFormed()) findings.issue(row, this.feature.name, 'holds half of a surrogate pair');
    else if (this.admits(value, row, findings)) (data as string[])[at] = value;
  }

  override parse(cell: string): string {
    return cell;
  }
}

/** The way from a feature's values to elements of a datatype; `resolveFeatures` has seen that the two fit. */
export function elementOf(feature: Feature, datatype: Datatype): Element {
  if (datatype === 'BYTES') return new TextElement(feature);
  if (feature.type === 'boolean') return new BooleanElement(feature, datatype);
  if (datatype === 'FP16') return new HalfElement(feature, datatype);
  if (datatype === 'INT64' || datatype === 'UINT64') return new BigElement(feature, datatype);
  return new PlainNumberElement(feature, datatype);
}
