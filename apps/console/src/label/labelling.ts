import { cellsOf, type CsvRecord, RecordReader } from '#csv';
import { ProblemError } from '../api/problem.ts';
import { requestBytes } from '../api/request.ts';
import { type Slice, slices } from './csv-file.ts';
import { Comparison, type Verdict } from './comparison.ts';
import { Tally } from './tally.ts';

const SAMPLE_ROWS = 8;
const SAMPLE_FAULTS = 5;

export interface Progress {
  readonly rows: number;
  /** How much of the file has been labelled, from 0 to 1. */
  readonly share: number;
}

/** What has been labelled of a file. */
export interface Labelled extends Progress {
  readonly header: readonly string[];
  /** How many columns the server added at the end: the prediction, what else is answered, and the error. */
  readonly added: number;
  readonly sample: readonly (readonly string[])[];
  /** Rows without a label. */
  readonly faulty: number;
  /** The first of them, by their row in a spreadsheet. */
  readonly faults: readonly { readonly row: number; readonly why: string }[];
  readonly tally: Tally;
  /** Against the actual values, where the file has them. */
  readonly verdict: Verdict | undefined;
  readonly csv: Blob;
}

export interface LabellingOptions {
  /** Where the predictions of one version are asked for, so that all labels come from it. */
  readonly path: string;
  /** The column of the file that has the actual values; none where it has not. */
  readonly actual: string | undefined;
  /** Whether predictions are amounts, not labels. */
  readonly isQuantity: boolean;
}

/**
 * Has every row of a CSV file labelled, slice by slice, so that neither the page nor the connection holds more than a
 * slice of the input. A browser reads no answer before it has sent the whole request: one request for a large file
 * would wait for itself.
 *
 * What is labelled stays when a slice fails, and `run` goes on with that slice.
 */
export class Labelling {
  readonly #path: string;
  readonly #actual: string | undefined;
  readonly #comparison: Comparison;
  readonly #slices: AsyncGenerator<Slice>;
  /** The run before; it never fails here. */
  #before: Promise<unknown> = Promise.resolve();
  /** The slice that has no labels yet. */
  #next: Slice | undefined;
  // Blobs lie outside the page's own memory, on disk where there are many.
  readonly #parts: Blob[] = [];
  readonly #sample: (readonly string[])[] = [];
  readonly #faults: { row: number; why: string }[] = [];
  readonly #tally = new Tally();
  #header: readonly string[] = [];
  #headerText = '';
  #added = 0;
  #rows = 0;
  #faulty = 0;
  #share = 0;

  constructor(file: File, { path, actual, isQuantity }: LabellingOptions) {
    this.#path = path;
    this.#actual = actual;
    this.#comparison = new Comparison(isQuantity);
    this.#slices = slices(file);
  }

  /**
   * Labels what has no labels yet. A run that was given up ends first, so that no two take slices from one file.
   *
   * @throws ProblemError where the server refuses a slice or does not answer, an AbortError where `signal` says so
   */
  run(signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<Labelled> {
    const run = this.#before.then(() => this.#run(signal, onProgress));
    this.#before = run.catch(() => undefined);
    return run;
  }

  async #run(signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<Labelled> {
    for (;;) {
      signal.throwIfAborted();
      this.#next ??= (await this.#slices.next()).value as Slice | undefined;
      if (this.#next === undefined) return this.labelled();
      await this.#label(this.#next, signal);
      this.#next = undefined;
      if (!signal.aborted) onProgress({ rows: this.#rows, share: this.#share });
    }
  }

  labelled(): Labelled {
    return {
      ...{ header: this.#header, added: this.#added, sample: this.#sample, rows: this.#rows, faulty: this.#faulty },
      ...{ faults: this.#faults, tally: this.#tally, share: this.#share },
      verdict: this.#comparison.verdict(),
      csv: new Blob(this.#parts, { type: 'text/csv' }),
    };
  }

  async #label({ header, csv, rows, share }: Slice, signal: AbortSignal): Promise<void> {
    const headers = { 'content-type': 'text/csv', accept: 'text/csv' };
    const answer = await requestBytes(this.#path, { method: 'POST', body: csv, headers, signal });
    const { separator, records: all } = tableOf(answer);
    const [head, ...records] = all;
    const isFirst = this.#parts.length === 0;
    if (head === undefined || records.length !== rows.length || (!isFirst && head.text !== this.#headerText))
      throw new ProblemError(OTHER_ANSWER);
    if (isFirst) {
      this.#header = cellsOf(head, separator);
      this.#headerText = head.text;
      this.#added = this.#header.length - header.length;
    }
    this.#parts.push(new Blob([...(isFirst ? [head] : []), ...records].map(({ text }) => `${text}\n`)));
    for (const [at, record] of records.entries()) this.#count(cellsOf(record, separator), rows[at]!);
    this.#share = share;
  }

  #count(cells: readonly string[], row: number): void {
    const why = cells.at(-1) ?? '';
    const prediction = cells.at(-this.#added) ?? '';
    if (why === '') {
      this.#tally.add(prediction);
      if (this.#actual !== undefined) this.#comparison.add(cells[this.#header.indexOf(this.#actual)] ?? '', prediction);
    } else this.#faulty += 1;
    if (why !== '' && this.#faults.length < SAMPLE_FAULTS) this.#faults.push({ row, why });
    if (this.#sample.length < SAMPLE_ROWS) this.#sample.push(cells);
    this.#rows += 1;
  }
}

const OTHER_ANSWER = {
  title: 'The answer does not fit the rows',
  detail:
    'The server answered other columns, or fewer rows, than this part of the file has. The model may have changed.',
  action: 'Start over.',
};

/** A labelled slice: the header, then a record for each row. */
function tableOf(answer: ArrayBuffer): { readonly separator: string; readonly records: readonly CsvRecord[] } {
  const reader = new RecordReader({ longest: Infinity });
  const records = [...reader.push(new Uint8Array(answer)), ...reader.end()];
  return { separator: reader.separator, records };
}
