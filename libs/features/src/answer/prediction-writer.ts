import type { Detection } from '#detections';
import type { Signature, Tensors } from '#tensor';
import { Findings, type Warning } from '../findings.ts';
import { mayHaveRows } from '../row-dimension.ts';
import type { AskedRows } from '../rows.ts';
import type { AnswerWish } from './answer-wish.ts';
import { HighestClass, LabelsFromThreshold, SecondFromThreshold } from './class-prediction.ts';
import { ClassRows, type ClassValues } from './class-rows.ts';
import { DetectionRows } from './detection-rows.ts';
import type { Label } from './output-cells.ts';
import { chooseDetections, chooseOutputs, type OutputChoice } from './output-choice.ts';
import type { ClassOutput, PlainOutput } from './output-member.ts';
import type { PredictionOptions, RowWarning } from './output-options.ts';
import { JsonRows, type OutputRows, TensorRows } from './output-rows.ts';
import { RowWriter } from './row-writer.ts';

/** A model's answer for the rows of one request. Members have one item per row; an output without rows has one item. */
export interface Predictions {
  /** A 64-bit integer beyond 2^53 - 1 is a bigint, which only `json` can write. Detectors have `detections` instead. */
  readonly prediction: unknown[];
  /** The objects of each picture, for detectors. */
  readonly detections?: readonly (readonly Detection[])[];
  /** The probability of each class, for classifiers. */
  readonly probabilities?: ClassValues[];
  /** The score of each class, if the values are not probabilities; a number if the output has one column. */
  readonly scores?: ClassValues[] | number[];
  readonly warnings: readonly Warning[];
  /** The other outputs that the manifest names. */
  readonly [key: string]: unknown;
}

/** A member of the answer, and how it is written. */
export interface Member {
  /** The description of its output by the manifest or the model. */
  readonly output: PlainOutput | ClassOutput | undefined;
  readonly key: string;
  readonly rows: OutputRows<unknown>;
}

/** Turns a model's outputs into predictions. Created once per model. For values, see `cellReader` and `TensorRows`. */
export class PredictionWriter {
  /** The outputs it reads; no others need to be fetched. */
  readonly outputs: readonly string[];
  /** The outputs by their roles in the answer. */
  readonly choice: OutputChoice;
  /** The keys of the classes' values, for classifiers; empty if they are unknown before the first answer. */
  readonly classes: readonly string[] | undefined;
  /** The members of an answer. The first is the prediction or the detections. */
  readonly members: readonly Member[];
  /** Their keys. */
  readonly keys: readonly string[];
  /** The columns for a table: `prediction`, for classifiers `probability` or `score`, and all other members. */
  readonly columns: readonly string[];
  /** Writes the same answer as one item per row, for protocols without a place for probabilities. */
  readonly rows: RowWriter;
  readonly #prediction: OutputRows<unknown>;
  readonly #classes: ClassRows | undefined;
  readonly #rowWarnings: readonly RowWarning[];

  /**
   * @param hasRows whether the first dimension of the inputs is rows
   * @throws FeatureError if the options do not fit the signature
   */
  constructor(signature: Signature, options: PredictionOptions = {}, hasRows = mayHaveRows(signature)) {
    const { detector, labels } = options;
    const choice = detector ? chooseDetections(detector, signature, labels) : chooseOutputs(signature, options);
    const { prediction, classes, others } = choice;
    this.choice = choice;
    this.#classes = classes && new ClassRows(classes);
    this.classes = this.#classes?.keys;
    this.#prediction = detector
      ? new DetectionRows(detector)
      : prediction
        ? rowsOf(prediction, hasRows)
        : fromClasses(classes!, this.#classes!);
    this.#rowWarnings = options.rowWarnings ?? [];
    this.members = [
      { key: prediction?.key ?? 'prediction', output: prediction, rows: this.#prediction },
      ...(classes ? [{ key: classes.key, output: classes, rows: this.#classes! }] : []),
      ...others.map((output) => ({ key: output.key, output, rows: rowsOf(output, hasRows) })),
    ];
    const answered = detector?.outputs ?? this.members.flatMap(({ output }) => output?.spec.name ?? []);
    this.outputs = [...new Set([...answered, ...this.#rowWarnings.map(({ from }) => from)])];
    this.keys = this.members.map(({ key }) => key);
    this.columns = [this.keys[0]!, ...(classes ? [ONE_CLASS[classes.kind]] : []), ...columnsOf(others)];
    this.rows = new RowWriter(signature, options, choice, this.members, hasRows);
  }

  /** The labels of the classes, or else of the prediction. */
  get labels(): readonly Label[] | undefined {
    return this.choice.classes?.labels ?? this.choice.prediction?.labels;
  }

  /** Whether probabilities or labels show that the model is a classifier. Scores alone may be distances. */
  get classifies(): boolean {
    const { classes, others } = this.choice;
    const isSure = (output: PlainOutput): boolean => output.kind === 'probabilities' || output.labels !== undefined;
    return [...(classes ? [classes] : []), ...others].some(isSure);
  }

  values(outputs: Tensors, rows: AskedRows): Predictions {
    const findings = this.#findingsOf(outputs);
    const entries = this.members.map(({ key, rows: member }) => [key, member.values(outputs, rows, findings)]);
    return { ...(Object.fromEntries(entries) as Pick<Predictions, 'prediction'>), warnings: findings.warnings };
  }

  /** The values for a table, by `columns`. A classifier has only the value of the predicted class. */
  cells(outputs: Tensors, rows: AskedRows): Predictions {
    const findings = this.#findingsOf(outputs);
    const prediction = this.#prediction.values(outputs, rows, findings);
    const members: Record<string, unknown[]> = { [this.keys[0]!]: prediction };
    for (const { key, output, rows: member } of this.members.slice(1)) {
      if (output?.kind === 'state') continue;
      if (member === this.#classes)
        members[ONE_CLASS[this.choice.classes!.kind]] = this.#classes.of(prediction, outputs, findings);
      else members[columnOf(key)] = member.values(outputs, rows, findings);
    }
    return { ...(members as Pick<Predictions, 'prediction'>), warnings: findings.warnings };
  }

  /**
   * The content of `values` as the members of a JSON object, without its braces: `"prediction":[…]`, for classifiers
   * `,"probabilities":[{…}]` or `"scores"`, and the other members. Adds warnings to the given list.
   */
  json(outputs: Tensors, rows: AskedRows, warnings?: Warning[], wish?: AnswerWish): string {
    const findings = this.#findingsOf(outputs);
    let text = '';
    for (const { key, rows: member } of this.members) {
      const list = member.json(outputs, rows, findings, wish);
      text += text === '' ? `"${key}":${list}` : `,"${key}":${list}`;
    }
    if (warnings !== undefined && findings.warnings.length > 0) warnings.push(...findings.warnings);
    return text;
  }

  /** Findings that begin with the warnings of the outputs. */
  #findingsOf(outputs: Tensors): Findings {
    const findings = new Findings();
    for (const { from, field, what } of this.#rowWarnings) {
      const { data } = outputs[from]!;
      for (let row = 0; row < data.length; row += 1) if (data[row] !== 0) findings.warn(row, field, what);
    }
    return findings;
  }
}

/** The names of the columns with the predicted class's value. */
const ONE_CLASS = { probabilities: 'probability', scores: 'score' } as const;

const columnOf = (key: string): string => (key === 'scores' ? ONE_CLASS.scores : key);

const columnsOf = (others: OutputChoice['others']): readonly string[] =>
  others.filter(({ kind }) => kind !== 'state').map(({ key }) => columnOf(key));

function rowsOf(output: PlainOutput | ClassOutput, hasRows: boolean): OutputRows<unknown> {
  if ('isBinary' in output) return new ClassRows(output);
  return output.kind === 'entities' ? new JsonRows(output.spec) : new TensorRows(output.spec, hasRows, output.labels);
}

function fromClasses({ threshold, hasManyLabels }: ClassOutput, rows: ClassRows): OutputRows<unknown> {
  if (threshold === undefined) return new HighestClass(rows);
  return hasManyLabels ? new LabelsFromThreshold(rows, threshold) : new SecondFromThreshold(rows, threshold);
}
