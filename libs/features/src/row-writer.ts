import type { Signature, Tensors } from '#tensor';
import { Findings, type Warning } from './findings.ts';
import type { OutputChoice, PredictionOptions } from './output-choice.ts';
import { literal, type Scalar } from './output-cells.ts';
import { type OutputRows, TensorRows } from './output-rows.ts';

/** One of several outputs, with its name as a key. */
interface Member {
  readonly key: string;
  readonly rows: OutputRows<unknown>;
}

/**
 * Writes a model's answer as one JSON item a row, for protocols that know nothing but rows: the prediction, a
 * classifier's label among them; or, where the model has outputs beside these and its manifest names none as the
 * prediction, an object of output → value. An output that has no rows is then repeated in each.
 */
export class RowWriter {
  /** The outputs it reads; no others need to be fetched. */
  readonly outputs: readonly string[];
  readonly #prediction: OutputRows<unknown>;
  readonly #members: readonly Member[] | undefined;

  /**
   * @param prediction how the prediction alone is written
   * @param hasRows whether the first dimension of the inputs is rows
   */
  constructor(
    signature: Signature,
    options: PredictionOptions,
    choice: OutputChoice,
    prediction: OutputRows<unknown>,
    hasRows: boolean,
  ) {
    this.#prediction = prediction;
    const others = signature.outputs.filter(
      (output) => output !== choice.prediction && output !== choice.probabilities,
    );
    if (options.prediction === undefined && others.length > 0) {
      this.outputs = signature.outputs.map(({ name }) => name);
      this.#members = signature.outputs.map((spec) => ({
        key: `${JSON.stringify(spec.name)}:`,
        rows: spec === choice.prediction ? prediction : new TensorRows(spec, hasRows),
      }));
    } else {
      this.outputs = [(choice.prediction ?? choice.probabilities)!.name];
    }
  }

  /** A JSON list with an item a row. Warnings are added to the list given. */
  json(outputs: Tensors, rows: number, warnings?: Warning[]): string {
    const findings = new Findings();
    const text =
      this.#members === undefined
        ? this.#prediction.json(outputs, rows, findings)
        : recordsJson(this.#members, outputs, rows, findings);
    if (warnings !== undefined && findings.warnings.length > 0) warnings.push(...findings.warnings);
    return text;
  }
}

function recordsJson(members: readonly Member[], outputs: Tensors, rows: number, findings: Findings): string {
  const columns = members.map((member) => ({ key: member.key, values: member.rows.values(outputs, rows, findings) }));
  const items = Math.max(...columns.map(({ values }) => values.length));
  const records = Array.from({ length: items }, (_, row) => {
    const texts = columns.map(({ key, values }) => key + nested(values[values.length === 1 ? 0 : row]));
    return `{${texts.join(',')}}`;
  });
  return `[${records.join(',')}]`;
}

const nested = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(nested).join(',')}]` : literal(value as Scalar);
