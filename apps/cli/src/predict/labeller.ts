import { type Issue, NestorError } from '#errors';
import type { Labels, Predictions, Rows } from '#features';
import type { ModelVersion } from '#engine';
import { Failure } from '../exit.ts';
import type { DataSet, Label, Row } from './data-set.ts';

/** A row that could not be predicted, and why. */
export interface BadRow {
  readonly row: Row;
  /** Its place in the batch. */
  readonly at: number;
  readonly issues: readonly { readonly field: string; readonly detail: string }[];
}

/** A batch with its labels. */
export interface LabelledBatch {
  /** One for each row; undefined where it could not be predicted. */
  readonly labels: readonly (Label | undefined)[];
  /** In the order of the rows. */
  readonly bad: readonly BadRow[];
  /** What is unusual about one of the rows that were predicted; the first that was met. */
  readonly warning: string | undefined;
}

/** Rows with their places in the batch. */
type Part = readonly { readonly row: Row; readonly at: number }[];

/**
 * Predicts batches of rows, and finds those that the model does not take, however many and whatever is wrong with them:
 * they never keep the others from being predicted.
 */
export class Labeller {
  readonly #model: ModelVersion;
  readonly #data: DataSet;
  readonly #rowsAtOnce: number;

  constructor(model: ModelVersion, data: DataSet) {
    this.#model = model;
    this.#data = data;
    this.#rowsAtOnce = model.batching.mode === 'request-by-request' ? 1 : Infinity;
  }

  /** @throws Failure where the input as a whole is not the model's, such as for a column that is missing */
  async label(rows: readonly Row[]): Promise<LabelledBatch> {
    const batch = new Outcome(rows.length);
    const all = rows.map((row, at) => ({ row, at }));
    const size = Math.min(this.#rowsAtOnce, rows.length);
    for (let from = 0; from < rows.length; from += size) await this.#predict(all.slice(from, from + size), batch);
    batch.bad.sort((one, other) => one.at - other.at);
    return batch;
  }

  async #predict(part: Part, batch: Outcome): Promise<void> {
    if (part.length === 0) return;
    let rows: Rows;
    try {
      rows = await this.#data.read(part.map(({ row }) => row));
    } catch (error) {
      await this.#withoutBad(part, error, batch);
      return;
    }
    try {
      await this.#run(part, rows, batch);
    } catch (error) {
      if (!(error instanceof NestorError) || error.code !== 'MODEL_FAILED') throw error;
      if (part.length > 1) await this.#halves(part, batch);
      else batch.refuse(part[0]!, [{ detail: `The model failed on it: ${messageOf(error.cause)}` }]);
    }
  }

  /** Notes the rows that could not be read, and predicts the others. */
  async #withoutBad(part: Part, error: unknown, batch: Outcome): Promise<void> {
    if (!(error instanceof NestorError)) throw error;
    const { errors } = error;
    const issues = Map.groupBy(errors, ({ row }) => row);
    // An issue without a row is about a column, and so about every row; the last one may only count those left out.
    const ofAll = issues.get(undefined)?.some(({ field }) => field !== undefined) ?? false;
    if (ofAll || errors.length === 0) throw new Failure(`The input does not fit the model: ${error.message}.`);
    if (issues.has(undefined) && part.length > 1) {
      await this.#halves(part, batch);
      return;
    }
    const good = part.filter((_, at) => !issues.has(at));
    for (const [at, one] of part.entries()) if (issues.has(at)) batch.refuse(one, issues.get(at)!);
    await this.#predict(good, batch);
  }

  async #halves(part: Part, batch: Outcome): Promise<void> {
    const middle = part.length >> 1;
    await this.#predict(part.slice(0, middle), batch);
    await this.#predict(part.slice(middle), batch);
  }

  async #run(part: Part, { inputs, count, warnings }: Rows, batch: Outcome): Promise<void> {
    const { scheduler, writer } = this.#model;
    const job = { inputs, rows: count, outputs: writer.outputs, deadline: Infinity };
    let outputs;
    for (;;) {
      try {
        ({ outputs } = await scheduler.submit(job));
        break;
      } catch (error) {
        if (!(error instanceof NestorError) || error.code !== 'QUEUE_FULL') throw error;
        await scheduler.idle();
      }
    }
    const answers = this.#data.ofAllClasses ? writer.values(outputs, count) : writer.labels(outputs, count);
    batch.label(part, answers);
    const [unusual] = [...warnings, ...answers.warnings];
    if (unusual !== undefined) batch.warning ??= `${placeOf(part[unusual.row]!.row)}: ${withoutRow(unusual.detail)}`;
  }
}

type Answers = Pick<Labels, 'prediction' | 'probability'> & Pick<Predictions, 'probabilities'>;

class Outcome implements LabelledBatch {
  readonly labels: (Label | undefined)[];
  readonly bad: BadRow[] = [];
  warning: string | undefined;

  constructor(rows: number) {
    this.labels = new Array<Label | undefined>(rows).fill(undefined);
  }

  label(part: Part, { prediction, probability, probabilities }: Answers): void {
    for (const [index, { at }] of part.entries()) {
      this.labels[at] = {
        prediction: prediction[index],
        probability: probability?.[index],
        probabilities: probabilities?.[index],
      };
    }
  }

  refuse({ row, at }: Part[number], issues: readonly Issue[]): void {
    this.bad.push({
      row,
      at,
      issues: issues.map(({ field, detail }) => ({ field: field ?? '', detail: withoutRow(detail) })),
    });
  }
}

/** How people find a row: by its line, or by the name of its file. */
export function placeOf({ text, line }: Row): string {
  return line === 0 ? text : `line ${line}`;
}

/** The reader counts rows from the start of what it is given, which says nothing of a place in the file. */
function withoutRow(detail: string): string {
  return detail.replace(/^row \d+:? /, '');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
