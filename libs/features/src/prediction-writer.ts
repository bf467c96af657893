import type { Signature, Tensors, TensorSpec } from '#tensor';
import { Findings, type Warning } from './findings.ts';
import type { Label } from './output-cells.ts';
import { chooseOutputs, type PredictionOptions } from './output-choice.ts';
import { MostProbable, type OutputRows, type Probabilities, ProbabilityRows, TensorRows } from './output-rows.ts';
import { mayHaveRows } from './row-dimension.ts';
import { RowWriter } from './row-writer.ts';

/** A model's answer for the rows of one request. */
export interface Predictions {
  /** One item a row. A 64-bit integer beyond 2^53 - 1 is a bigint, which only `json` can write. */
  readonly prediction: unknown[];
  /** One object a row, for classifiers. */
  readonly probabilities?: Probabilities[];
  readonly warnings: readonly Warning[];
}

/** The predictions of rows of a table. */
export interface Labels extends Omit<Predictions, 'probabilities'> {
  /** One a row, for classifiers; null where it is no number. */
  readonly probability?: (number | null)[];
}

/** Turns a model's outputs into predictions. Made once a model; what it answers is said at `cellReader` and `TensorRows`. */
export class PredictionWriter {
  /** The outputs it reads; no others need to be fetched. */
  readonly outputs: readonly string[];
  /**
   * The keys of the probabilities, for classifiers; empty where neither labels nor the signature tell them before the
   * first answer.
   */
  readonly classes: readonly string[] | undefined;
  /** The same answer as one item a row, for protocols that have no place for probabilities. */
  readonly rows: RowWriter;
  readonly #prediction: OutputRows<unknown>;
  readonly #probabilities: ProbabilityRows | undefined;

  /**
   * @param hasRows whether the first dimension of the inputs is rows
   * @throws FeatureError where the options do not fit the signature
   */
  constructor(signature: Signature, options: PredictionOptions = {}, hasRows = mayHaveRows(signature)) {
    const choice = chooseOutputs(signature, options);
    const { prediction, probabilities } = choice;
    this.outputs = [prediction, probabilities].flatMap((output) => output?.name ?? []);
    this.#probabilities = probabilities && new ProbabilityRows(probabilities, options.labels);
    this.classes = probabilities && classesOf(probabilities, options.labels);
    this.#prediction =
      prediction === undefined
        ? new MostProbable(probabilities!, this.#probabilities!)
        : new TensorRows(prediction, hasRows, options.labels);
    this.rows = new RowWriter(signature, options, choice, this.#prediction, hasRows);
  }

  values(outputs: Tensors, rows: number): Predictions {
    const findings = new Findings();
    const prediction = this.#prediction.values(outputs, rows, findings);
    const probabilities = this.#probabilities?.values(outputs, rows, findings);
    return { prediction, ...(probabilities && { probabilities }), warnings: findings.warnings };
  }

  /** What stands beside rows in a table: each row's prediction and, for classifiers, the probability of just that. */
  labels(outputs: Tensors, rows: number): Labels {
    const findings = new Findings();
    const prediction = this.#prediction.values(outputs, rows, findings);
    const probability = this.#probabilities?.of(prediction, outputs, findings);
    return { prediction, ...(probability && { probability }), warnings: findings.warnings };
  }

  /**
   * The members `"prediction":[…]` and, for classifiers, `,"probabilities":[{…}]` of a JSON object, without its braces:
   * the content of `values`, built without it. Warnings are added to the list given.
   *
   * @param top how many probabilities of a row are answered, the highest first; all of them without it, in the order of
   * the classes
   */
  json(outputs: Tensors, rows: number, warnings?: Warning[], top?: number): string {
    const findings = new Findings();
    let text = `"prediction":${this.#prediction.json(outputs, rows, findings)}`;
    if (this.#probabilities !== undefined)
      text += `,"probabilities":${this.#probabilities.json(outputs, rows, findings, top)}`;
    if (warnings !== undefined && findings.warnings.length > 0) warnings.push(...findings.warnings);
    return text;
  }
}

function classesOf({ shape }: TensorSpec, labels: readonly Label[] | undefined): readonly string[] {
  return labels?.map(String) ?? Array.from({ length: Math.max(0, shape[1]!) }, (_, index) => String(index));
}
