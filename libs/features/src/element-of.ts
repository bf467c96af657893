import type { Datatype, TensorData } from '#tensor';
import { Element } from './element.ts';
import type { Feature } from './feature.ts';
import type { Findings } from './findings.ts';
import { BigElement, HalfElement, PlainNumberElement } from './number-element.ts';

/** true and false; in a tensor of numbers, 1 and 0. */
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
    // ONNX Runtime takes UTF-8 up to the first NUL: anything else would reach the model changed.
    else if (value.includes('\0')) findings.issue(row, this.feature.name, 'holds a NUL character');
    else if (!value.isWellFormed()) findings.issue(row, this.feature.name, 'holds half of a surrogate pair');
    else if (this.admits(value, row, findings)) (data as string[])[at] = value;
  }

  override parse(cell: string): string {
    return cell;
  }
}

/** Converts a feature's values to elements of a datatype; `resolveFeatures` has checked that the two fit. */
export function elementOf(feature: Feature, datatype: Datatype): Element {
  if (datatype === 'BYTES') return new TextElement(feature);
  if (feature.type === 'boolean') return new BooleanElement(feature, datatype);
  if (datatype === 'FP16') return new HalfElement(feature, datatype);
  if (datatype === 'INT64' || datatype === 'UINT64') return new BigElement(feature, datatype);
  return new PlainNumberElement(feature, datatype);
}
