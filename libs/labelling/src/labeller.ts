import { setTimeout as delay } from 'node:timers/promises';
import type { ModelVersion } from '#engine';
import { type Issue, NestorError } from '#errors';
import type { Predictions, Rows } from '#features';
import type { Tensors } from '#tensor';
import { type BadRow, type Label, placeOf, type Row } from './row.ts';

/** The format of the rows. */
export interface RowForm {
  /** @throws NestorError whose issues give rows by their index in the list */
  read(rows: readonly Row[]): Rows | Promise<Rows>;
}

export interface LabellerOptions {
  /** Whether labels have the values of all classes, and not only the prediction's. */
  readonly ofAllClasses?: boolean;
  /** The time limit for rows that run together, including the wait for room; unlimited by default. */
  readonly timeoutMs?: number;
  /** Whether the caller no longer wants the labels. */
  readonly gone?: () => boolean;
}

/** Rows with their labels. */
export interface Labelled {
  /** One for each row; undefined for a row without a label. */
  readonly labels: readonly (Label | undefined)[];
  /** In the order of the rows. */
  readonly bad: readonly BadRow[];
  /** The first warning about a row with a label. */
  readonly warning: string | undefined;
  /** The warning about all rows. */
  readonly remark: string | undefined;
}

/** Rows with their places in the batch. */
type Part = readonly { readonly row: Row; readonly at: number }[];

const RETRY_MS = 20;
/** Errors of a run that a single row may have caused. */
const OF_ROWS: ReadonlySet<string> = new Set(['MODEL_FAILED', 'INPUT_REFUSED']);
/** Errors of an overloaded model, which concern all rows of a run. */
const OVERLOAD: ReadonlySet<string> = new Set(['QUEUE_FULL', 'DEADLINE_EXCEEDED']);

/**
 * Labels batches of rows, and finds the rows that the model rejects. However many there are, the other rows get their
 * labels. The caller must hold a lease of the version.
 */
export class Labeller {
  readonly #model: ModelVersion;
  readonly #form: RowForm;
  readonly #ofAllClasses: boolean;
  readonly #timeoutMs: number;
  readonly #gone: () => boolean;
  readonly #rowsAtOnce: number;

  constructor(
    model: ModelVersion,
    form: RowForm,
    { ofAllClasses = false, timeoutMs = Infinity, gone = () => false }: LabellerOptions = {},
  ) {
    this.#model = model;
    this.#form = form;
    this.#ofAllClasses = ofAllClasses;
    this.#timeoutMs = timeoutMs;
    this.#gone = gone;
    // Without a dimension for rows, each record needs its own run.
    this.#rowsAtOnce = model.rows.kind === 'none' ? 1 : Infinity;
  }

  /** @throws NestorError if the input as a whole does not fit the model; CANCELLED */
  async label(rows: readonly Row[]): Promise<Labelled> {
    const batch = new Batch(rows.length);
    const all = rows.map((row, at) => ({ row, at }));
    const size = Math.min(this.#rowsAtOnce, rows.length);
    for (let from = 0; from < rows.length; from += size) await this.#predict(all.slice(from, from + size), batch);
    batch.bad.sort((one, other) => one.at - other.at);
    return batch;
  }

  async #predict(part: Part, batch: Batch): Promise<void> {
    if (part.length === 0) return;
    let rows: Rows;
    try {
      rows = await this.#form.read(part.map(({ row }) => row));
    } catch (error) {
      await this.#withoutBad(part, catalogued(error), batch);
      return;
    }
    let outputs: Tensors;
    try {
      outputs = await this.#run(rows);
    } catch (error) {
      await this.#withoutFailed(part, catalogued(error), batch);
      return;
    }
    this.#fill(part, rows, outputs, batch);
  }

  /** Notes the rows that could not be read, and predicts the others. */
  async #withoutBad(part: Part, error: NestorError, batch: Batch): Promise<void> {
    // The defaults of tensors may be too large for this many rows.
    if (error.code === 'TOO_MANY_ROWS' && part.length > 1) return this.#halves(part, batch);
    const issues = Map.groupBy(error.errors, ({ row }) => row);
    // An issue with a field but no row concerns all rows. An issue without both only counts the unlisted ones.
    const ofAll = issues.get(undefined)?.some(({ field }) => field !== undefined) ?? false;
    if (ofAll || issues.size === 0) throw error;
    if (issues.has(undefined) && part.length > 1) {
      await this.#halves(part, batch);
      return;
    }
    const good = part.filter((_, at) => !issues.has(at));
    for (const [at, one] of part.entries()) if (issues.has(at)) batch.refuse(one, issues.get(at)!);
    await this.#predict(good, batch);
  }

  /** Finds the rows on which the model fails. */
  async #withoutFailed(part: Part, error: NestorError, batch: Batch): Promise<void> {
    const isOfSome = OF_ROWS.has(error.code) || error.code === 'TOO_MANY_ROWS';
    if (isOfSome && part.length > 1) await this.#halves(part, batch);
    else if (OF_ROWS.has(error.code) || OVERLOAD.has(error.code)) for (const one of part) batch.fail(one, error);
    else throw error;
  }

  async #halves(part: Part, batch: Batch): Promise<void> {
    const middle = part.length >> 1;
    await this.#predict(part.slice(0, middle), batch);
    await this.#predict(part.slice(middle), batch);
  }

  /** Runs rows. While the model has no room for them, the source waits. */
  async #run({ inputs, groups, count }: Rows): Promise<Tensors> {
    const deadline = performance.now() + this.#timeoutMs;
    const run = { inputs, groups, rows: count, outputs: this.#model.writer.outputs };
    for (;;) {
      try {
        return (await this.#model.runBy(run, deadline, this.#gone)).outputs;
      } catch (error) {
        const full = error instanceof NestorError && error.code === 'QUEUE_FULL';
        if (!full || this.#gone() || performance.now() + RETRY_MS >= deadline) throw error;
        await delay(RETRY_MS);
      }
    }
  }

  #fill(part: Part, rows: Rows, outputs: Tensors, batch: Batch): void {
    const { writer } = this.#model;
    const answers = this.#ofAllClasses ? writer.values(outputs, rows) : writer.cells(outputs, rows);
    batch.label(part, answers);
    for (const { row, detail } of [...rows.warnings, ...answers.warnings]) {
      if (row === undefined) batch.remark ??= detail;
      else batch.warning ??= `${placeOf(part[row]!.row)}: ${withoutRow(detail)}`;
    }
  }
}

class Batch implements Labelled {
  readonly labels: (Label | undefined)[];
  readonly bad: BadRow[] = [];
  warning: string | undefined;
  remark: string | undefined;

  constructor(rows: number) {
    this.labels = new Array<Label | undefined>(rows).fill(undefined);
  }

  label(part: Part, { warnings: _, ...members }: Predictions): void {
    const answers = Object.entries(members) as [string, readonly unknown[]][];
    for (const [index, { at }] of part.entries()) {
      const label: Record<string, unknown> = {};
      // An output without rows belongs to each row.
      for (const [key, items] of answers) label[key] = items[items.length === 1 ? 0 : index];
      this.labels[at] = label as Label;
    }
  }

  refuse({ row, at }: Part[number], issues: readonly Issue[]): void {
    const named = issues.map(({ field, detail }) => ({ field: field ?? '', detail: withoutRow(detail) }));
    this.bad.push({ row, at, issues: named });
  }

  fail({ row, at }: Part[number], failure: NestorError): void {
    this.bad.push({ row, at, issues: [], failure });
  }
}

/** Drops the reader's row number, which is not the row's place in the input. */
function withoutRow(detail: string): string {
  return detail.replace(/^row \d+:? /, '');
}

function catalogued(thrown: unknown): NestorError {
  if (thrown instanceof NestorError) return thrown;
  throw thrown;
}
