import { cell, cellsOf, type CsvRecord, FAULTS, freshName, inColumns, type Value } from '#csv';
import { NestorError } from '#errors';
import type { PredictionWriter, RowReader, Rows } from '#features';
import type { Tensors } from '#tensor';

/** What labels rows: a model's reader and writer, and the way to run it. */
export interface Labeller {
  readonly reader: RowReader;
  readonly writer: PredictionWriter;
  /** Most rows that are read and run together. */
  readonly batchRows: number;
  /** Runs rows; rejects with a NestorError. */
  readonly run: (rows: Rows) => Promise<Tensors>;
}

/** The rows of a batch that the model is asked for. */
interface Row {
  /** Its cells as they came, or filled up to the columns of the header. */
  readonly text: string;
  /** The cells of the features; undefined where the record is no row. */
  readonly cells: readonly string[] | undefined;
  prediction: string;
  probability: string;
  error: string;
}

/**
 * A CSV table that gets its labels: the columns as they came, then `prediction`, for classifiers the `probability` of it,
 * and `error`, which says why a row has no label. Columns that are no features are passed on.
 */
export class LabelTable {
  /** The first line of the answer. */
  readonly head: string;
  readonly #labeller: Labeller;
  readonly #columns: number;
  readonly #names: readonly string[];
  /** Where the features' cells are; undefined where all cells are. */
  readonly #positions: readonly number[] | undefined;

  /** @throws NestorError MALFORMED_BODY, INVALID_ROWS or INVALID_REQUEST for a header that is not of this model */
  constructor(header: CsvRecord, labeller: Labeller) {
    if (header.fault !== undefined)
      throw new NestorError('MALFORMED_BODY', `The first line is no CSV header: it ${FAULTS[header.fault]}.`);
    const names = cellsOf(header);
    const positions = [...names.keys()].filter((at) => labeller.reader.isMeant(names[at]!));
    this.#names = positions.map((at) => names[at]!);
    labeller.reader.checkHeader(this.#names);
    this.#positions = positions.length === names.length ? undefined : positions;
    this.#columns = names.length;
    this.#labeller = labeller;
    const added = ['prediction', ...(labeller.writer.classes ? ['probability'] : []), 'error'];
    this.head = `${header.text},${added.map((name) => freshName(name, names)).join(',')}\n`;
  }

  /** The lines of a batch of records, labelled; and how many there are. */
  async label(records: readonly CsvRecord[]): Promise<{ lines: string; count: number }> {
    const rows = records.map((record) => this.#row(record));
    const good = rows.filter((row) => row.cells !== undefined);
    const { batchRows } = this.#labeller;
    for (let from = 0; from < good.length; from += batchRows) await this.#predict(good.slice(from, from + batchRows));
    const classifies = this.#labeller.writer.classes !== undefined;
    let lines = '';
    for (const { text, prediction, probability, error } of rows)
      lines += classifies ? `${text},${prediction},${probability},${error}\n` : `${text},${prediction},${error}\n`;
    return { lines, count: rows.length };
  }

  #row(record: CsvRecord): Row {
    if (record.fault !== undefined) return this.#bad(record, `the row ${FAULTS[record.fault]}`);
    const cells = cellsOf(record);
    if (cells.length !== this.#columns)
      return this.#bad(record, `the row has ${cells.length} values; ${this.#columns} are expected`);
    const taken = this.#positions?.map((at) => cells[at]!) ?? cells;
    return { text: record.text, cells: taken, prediction: '', probability: '', error: '' };
  }

  #bad(record: CsvRecord, why: string): Row {
    return {
      text: inColumns(record, this.#columns),
      cells: undefined,
      prediction: '',
      probability: '',
      error: cell(why),
    };
  }

  /** Fills in the labels of rows, or why they have none. */
  async #predict(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    let read: Rows;
    try {
      read = this.#labeller.reader.readCells(
        this.#names,
        rows.map(({ cells }) => cells!),
      );
    } catch (error) {
      await this.#predict(this.#readable(rows, catalogued(error)));
      return;
    }
    try {
      this.#fill(rows, await this.#labeller.run(read));
    } catch (thrown) {
      const error = catalogued(thrown);
      // One row that the model fails on must not keep the others from their labels.
      if (error.code === 'MODEL_FAILED' && rows.length > 1) for (const row of rows) await this.#predict([row]);
      else if (error.code === 'CANCELLED') throw error;
      else for (const row of rows) row.error = cell(error.code === 'MODEL_FAILED' ? error.entry.title : error.message);
    }
  }

  /** The rows that can be read one by one; the others are told what is wrong with them. */
  #readable(rows: readonly Row[], error: NestorError): readonly Row[] {
    if (error.code !== 'INVALID_ROWS') throw error;
    return rows.filter((row) => {
      try {
        this.#labeller.reader.readCells(this.#names, [row.cells!]);
        return true;
      } catch (thrown) {
        const { errors } = catalogued(thrown);
        row.error = cell(errors.map(({ detail }) => withoutRow(detail)).join('; '));
        return false;
      }
    });
  }

  #fill(rows: readonly Row[], outputs: Tensors): void {
    const { prediction, probability } = this.#labeller.writer.labels(outputs, rows.length);
    for (const [at, row] of rows.entries()) {
      row.prediction = cell(prediction[at] as Value);
      if (probability !== undefined) row.probability = cell(probability[at]);
      if (prediction[at] === null) row.error = 'the prediction is not a finite number';
    }
  }
}

/** The reader counts rows within its batch. */
function withoutRow(detail: string): string {
  return detail.replace(/^row \d+:? /, '');
}

function catalogued(thrown: unknown): NestorError {
  if (thrown instanceof NestorError) return thrown;
  throw thrown;
}
