import { type Datatype, HalfArray, roundToHalf, type TensorData } from '#tensor';
import { Element } from './element.ts';
import { type Feature, isFloat } from './feature.ts';
import type { Findings } from './findings.ts';
import { plainDecimal } from './plain-decimal.ts';

type Numeric = Exclude<Datatype, 'BYTES'>;

/** The lowest and the highest finite value of each datatype; 64-bit integers beyond what a double holds are bigints. */
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

/** JSON's numbers, and forms that CSV writers also use: a plus sign, and a leading or trailing point. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const isOutside = <Bound extends number | bigint>(
  value: number | bigint,
  [low, high]: readonly [Bound, Bound],
): boolean => value < low || value > high;

abstract class NumericElement extends Element {
  protected readonly datatype: Numeric;
  readonly #integer: boolean;
  /** Between these two, only integers need another check. */
  readonly #plainLow: number;
  readonly #plainHigh: number;

  constructor(feature: Feature, datatype: Numeric) {
    super(feature);
    this.datatype = datatype;
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

  override parse(cell: string): number | bigint | string {
    const trimmed = cell.trim();
    return NUMBER.test(trimmed) ? Number(trimmed) : cell;
  }

  override parsePlain(text: string, from: number, to: number): number {
    return plainDecimal(text, from, to);
  }

  protected abstract store(data: TensorData, at: number, value: number): void;

  /** The slow path: reports what is wrong or unusual. */
  #weigh(data: TensorData, at: number, value: unknown, row: number, findings: Findings): void {
    if (this.feature.missing === true && (value === null || Number.isNaN(value))) this.store(data, at, NaN);
    else if (typeof value === 'bigint') this.writeBig(data, at, value, row, findings);
    else if (typeof value !== 'number' || Number.isNaN(value)) this.refuse(value, row, findings);
    else if (overflows(this.datatype, value)) this.refuseBeyond(value, row, findings);
    else if (this.#integer && !Number.isInteger(value)) this.refuse(value, row, findings);
    else if (this.allows(value, row, findings)) this.store(data, at, value);
  }

  /** Writes a whole number that was read with all its digits. */
  protected writeBig(data: TensorData, at: number, value: bigint, row: number, findings: Findings): void {
    this.write(data, at, Number(value), row, findings);
  }

  /** Whether a number of the datatype may be written; adds a warning if it is unusual. */
  protected allows(value: number | bigint, row: number, findings: Findings): boolean {
    const { name, range, seen } = this.feature;
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

  protected refuseBeyond(value: number | bigint, row: number, findings: Findings): void {
    const { datatype } = this;
    const [low, high] = LIMITS[datatype];
    // Infinity is what JSON.parse makes of a literal such as 1e400.
    const came = Number.isFinite(Number(value)) ? `is ${value}, ` : 'is ';
    const bounds = isFloat(datatype) ? `${FLOAT_NAMES[datatype]!} (±${high})` : `${datatype} (${low} to ${high})`;
    findings.issue(row, this.feature.name, `${came}beyond ${bounds}`);
  }
}

export class PlainNumberElement extends NumericElement {
  protected override store(data: TensorData, at: number, value: number): void {
    (data as Float32Array)[at] = value;
  }
}

export class HalfElement extends NumericElement {
  readonly #half = new HalfArray(1);
  readonly #bits = new Uint16Array(this.#half.buffer);

  protected override store(data: TensorData, at: number, value: number): void {
    this.#half[0] = value;
    (data as Uint16Array)[at] = this.#bits[0]!;
  }
}

const BIG_LIMITS = {
  INT64: [-(2n ** 63n), 2n ** 63n - 1n],
  UINT64: [0n, 2n ** 64n - 1n],
} as const;

/** 20 digits hold every whole number of 64 bits. */
const LONG_INTEGER = /^[+-]?\d{16,20}$/;

export class BigElement extends NumericElement {
  readonly #limits: readonly [bigint, bigint];

  constructor(feature: Feature, datatype: 'INT64' | 'UINT64') {
    super(feature, datatype);
    this.#limits = BIG_LIMITS[datatype];
  }

  override parse(cell: string): number | bigint | string {
    const value = super.parse(cell);
    const isLost = typeof value === 'number' && !Number.isSafeInteger(value) && LONG_INTEGER.test(cell.trim());
    return isLost ? BigInt(cell.trim()) : value;
  }

  protected override store(data: TensorData, at: number, value: number): void {
    (data as BigInt64Array)[at] = BigInt(value);
  }

  protected override writeBig(data: TensorData, at: number, value: bigint, row: number, findings: Findings): void {
    if (isOutside(value, this.#limits)) this.refuseBeyond(value, row, findings);
    else if (this.allows(value, row, findings)) (data as BigInt64Array)[at] = value;
  }

  /** Rejects a number that has already lost digits, whether it fits or not. */
  protected override refuseBeyond(value: number | bigint, row: number, findings: Findings): void {
    const [low, high] = this.#limits;
    const inexact = 'beyond 2^53 - 1, where only whole numbers in digits alone are exact (a bigint in JavaScript)';
    const isOut = typeof value === 'bigint' || isOutside(value, this.#limits);
    const why = isOut ? `beyond ${this.datatype} (${low} to ${high})` : inexact;
    findings.issue(row, this.feature.name, Number.isFinite(Number(value)) ? `is ${value}, ${why}` : `is ${why}`);
  }
}
