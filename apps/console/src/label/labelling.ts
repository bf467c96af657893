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

/** The labelled part of a file. */
export interface Labelled extends Progress {
  readonly header: readonly string[];
  /** How many columns the server added at the end: the prediction, other outputs, and the error. */
  readonly added: number;
  readonly sample: readonly (readonly string[])[];
  /** Rows without a label. */
  readonly faulty: number;
  /** The first of them, with their row in a spreadsheet. */
  readonly faults: readonly { readonly row: number; readonly why: string }[];
  readonly tally: Tally;
  /** The comparison with the actual values, if the file has them. */
  readonly verdict: Verdict | undefined;
  readonly csv: Blob;
}

export interface LabellingOptions {
  /** The path for predictions of one version, so that all labels come from it. */
  readonly path: string;
  /** The column of the file with the actual values, if it has one. */
  readonly actual: string | undefined;
  /** Whether predictions are quantities, not labels. */
  readonly isQuantity: boolean;
}

/**
 * Labels every row of a CSV file, slice by slice, so that neither the page nor the connection holds more than a slice
 * of the input. A browser reads no response before it has sent the whole request, so one request for a large file
 * would deadlock.
 *
 * If a slice fails, earlier labels stay, and `run` continues with that slice.
 */
export class Labelling {
  readonly #path: string;
  readonly #actual: string | undefined;
  readonly #comparison: Comparison;
  readonly #slices: AsyncGenerator<Slice>;
  /** The previous run; never rejects. */
  #before: Promise<unknown> = Promise.resolve();
  /** The slice that has no labels yet. */
  #next: Slice | undefined;
  // Blobs are outside the page's own memory, and on disk if there are many.
  readonly #parts: Blob[] = [];
  readonly #sample: (readonly string[])[] = [];
  readonly #faults: { row: number; why: string }[] = [];
  readonly #tally: Tally;
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
    this.#tally = new Tally(isQuantity);
    this.#slices = slices(file);
  }

  /**
   * Labels the rest. Waits for an aborted run to end, so that no two runs take slices from one file.
   *
   * @throws ProblemError if the server rejects a slice or does not answer; an AbortError if `signal` aborts it
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
  title: 'The answer does not match the rows',
  detail: 'The answer has other columns or fewer rows than expected. The model may have changed.',
  action: 'Start over.',
};

/** A labelled slice: the header, then a record for each row. */
function tableOf(answer: ArrayBuffer): { readonly separator: string; readonly records: readonly CsvRecord[] } {
  const reader = new RecordReader({ longest: Infinity });
  const records = [...reader.push(new Uint8Array(answer)), ...reader.end()];
  return { separator: reader.separator, records };
}
