import type { Signature, Tensors } from '#tensor';
import { Findings, type Warning } from '../findings.ts';
import type { AskedRows } from '../rows.ts';
import type { OutputChoice } from './output-choice.ts';
import type { PredictionOptions } from './output-options.ts';
import { literal, type Scalar } from './output-cells.ts';
import { type OutputRows, TensorRows } from './output-rows.ts';

/** A member of a row's object. */
interface RowMember {
  readonly key: string;
  readonly rows: OutputRows<unknown>;
}

/**
 * Writes a model's answer as one JSON item per row, for protocols that have only rows. An item is the prediction, which
 * for a classifier is the label. If the manifest names more outputs, an item is an object of all members. If it names
 * none and the model has more outputs, an item is an object of output → value. An output without rows is repeated in
 * each.
 */
export class RowWriter {
  /** The outputs it reads; no others need to be fetched. */
  readonly outputs: readonly string[];
  readonly #prediction: OutputRows<unknown>;
  readonly #members: readonly RowMember[] | undefined;

  /**
   * @param members all members of the answer, the prediction first
   * @param hasRows whether the first dimension of the inputs is rows
   */
  constructor(
    signature: Signature,
    { outputs: named = {}, detector }: PredictionOptions,
    { prediction, classes, others }: OutputChoice,
    members: readonly RowMember[],
    hasRows: boolean,
  ) {
    this.#prediction = members[0]!.rows;
    if (detector !== undefined) {
      this.#members = members;
      this.outputs = detector.outputs;
      return;
    }
    const ofClasses = others.filter(({ kind }) => kind === 'probabilities' || kind === 'scores');
    const usual = new Set([prediction, classes, ...ofClasses].map((output) => output?.spec));
    const further = signature.outputs.filter((spec) => !usual.has(spec));
    if (others.some(({ key }) => Object.hasOwn(named, key))) {
      this.#members = members;
      this.outputs = [...new Set([prediction, classes, ...others].flatMap((output) => output?.spec.name ?? []))];
    } else if (named['prediction'] === undefined && classes?.threshold === undefined && further.length > 0) {
      this.outputs = signature.outputs.map(({ name }) => name);
      this.#members = signature.outputs.map((spec) => ({
        key: spec.name,
        rows: spec === prediction?.spec ? this.#prediction : new TensorRows(spec, hasRows),
      }));
    } else {
      this.outputs = [(prediction ?? classes)!.spec.name];
    }
  }

  /** A JSON list with one item per row. Adds warnings to the given list. */
  json(outputs: Tensors, rows: AskedRows, warnings?: Warning[]): string {
    const findings = new Findings();
    const text =
      this.#members === undefined
        ? this.#prediction.json(outputs, rows, findings)
        : recordsJson(this.#members, outputs, rows, findings);
    if (warnings !== undefined && findings.warnings.length > 0) warnings.push(...findings.warnings);
    return text;
  }
}

function recordsJson(members: readonly RowMember[], outputs: Tensors, rows: AskedRows, findings: Findings): string {
  const columns = members.map(({ key, rows: member }) => ({
    key: `${JSON.stringify(key)}:`,
    values: member.values(outputs, rows, findings),
  }));
  const items = Math.max(...columns.map(({ values }) => values.length));
  const records = Array.from({ length: items }, (_, row) => {
    const texts = columns.map(({ key, values }) => key + nested(values[values.length === 1 ? 0 : row]));
    return `{${texts.join(',')}}`;
  });
  return `[${records.join(',')}]`;
}

function nested(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(nested).join(',')}]`;
  if (typeof value !== 'object' || value === null) return literal(value as Scalar);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${nested(item)}`)
    .join(',')}}`;
}
