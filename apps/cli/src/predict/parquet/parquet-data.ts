import type { ModelVersion } from '#engine';
import { NestorError } from '#errors';
import { RowReader, type Rows } from '#features';
import type { BadRow, Label, Row } from '#labelling';
import { Failure } from '../../exit.ts';
import type { DataSet, RowBatch } from '../data-set.ts';
import { identityOf } from '../identity.ts';
import { answerColumns } from './answer-column.ts';
import { LabelledParquet } from './labelled-parquet.ts';
import type { ParquetColumn } from './parquet-column.ts';
import { ParquetFile, type ParquetRowGroup, refuseTypes } from './parquet-file.ts';

/** Rows that are predicted together. */
const BATCH = 4096;
/** The names that pandas gives to the columns of an index. */
const INDEX = /^__index_level_\d+__$/;

/** A column that the model takes, with its place among all. */
interface Taken {
  readonly column: ParquetColumn;
  readonly place: number;
}

interface ParquetRow extends Row {
  readonly group: ParquetRowGroup;
  /** Its place in the group. */
  readonly at: number;
}

/** A Parquet file, with one row group in memory at a time. The output adds the predictions to its unchanged columns. */
export class ParquetData implements DataSet {
  readonly size: number;
  readonly identity: string;
  readonly head = '';
  readonly ofAllClasses = false;
  readonly unused: ReadonlySet<string>;
  readonly #file: ParquetFile;
  readonly #reader: RowReader;
  readonly #taken: readonly Taken[];
  readonly #byPosition: boolean;
  readonly #labelled: LabelledParquet;

  private constructor(file: ParquetFile, path: string, identity: string, model: ModelVersion) {
    const { features, signature, limits } = model;
    // This file decides how many rows are read together; the limit of a request does not apply.
    const { emptyDimensions } = limits;
    const hasRows = model.rows.kind !== 'none';
    this.#reader = new RowReader(features, signature, { maxRows: Infinity, emptyDimensions, hasRows });
    const all = file.columns.map((column, place) => ({ column, place }));
    const columns = all.filter(({ column }) => !INDEX.test(column.name));
    const names = columns.map(({ column }) => column.name);
    this.unused = new Set(this.#reader.csvBelow(names).unused);
    this.#taken = columns.filter(({ column }) => !this.unused.has(column.name));
    this.#byPosition = this.#reader.areByPosition(names);
    refuseTypes(
      path,
      this.#taken.map(({ column }) => column),
    );
    this.#file = file;
    this.size = file.rows;
    this.identity = identity;
    this.#labelled = new LabelledParquet(file.columns, answerColumns(model), file.remarks);
  }

  /** @throws Failure if the columns do not fit the model */
  static async open(path: string, model: ModelVersion): Promise<ParquetData> {
    const file = await ParquetFile.open(path);
    if (file.rows === 0) throw new Failure(`${path} is empty. Give a file with rows.`);
    try {
      return new ParquetData(file, path, await identityOf(path), model);
    } catch (error) {
      if (error instanceof NestorError)
        throw new Failure(`The columns of ${path} do not fit the model: ${error.message}`);
      throw error;
    }
  }

  async *batches(): AsyncGenerator<RowBatch, void, void> {
    for await (const group of this.#file.rowGroups()) {
      for (let from = 0; from < group.count; from += BATCH) {
        const rows = Array.from({ length: Math.min(BATCH, group.count - from) }, (_, at): ParquetRow => {
          const place = from + at;
          return { text: `row ${group.from + place}`, line: 0, fault: undefined, group, at: place };
        });
        yield { rows, end: group.from + from + rows.length, nextLine: 0 };
      }
    }
  }

  read(rows: readonly Row[]): Rows {
    const read = rows as readonly ParquetRow[];
    if (!this.#byPosition) return this.#reader.readRecords(read.map((row) => this.#recordOf(row)));
    // In a record, names that are numbers would change places.
    const names = this.#taken.map(({ column }) => column.name);
    return this.#reader.readTable(
      names,
      read.map((row) => this.#taken.map((taken) => valueOf(row, taken))),
    );
  }

  write(row: Row, label: Label | undefined, bad: BadRow | undefined): string {
    const { group, at } = row as ParquetRow;
    this.#labelled.add(group, at, label, bad);
    return '';
  }

  take(isLast: boolean): Uint8Array {
    return isLast ? this.#labelled.end() : this.#labelled.take();
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }

  /** What a row has no value for is absent. */
  #recordOf(row: ParquetRow): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    for (const taken of this.#taken) {
      const value = valueOf(row, taken);
      if (value !== null) record[taken.column.name] = value;
    }
    return record;
  }
}

function valueOf({ group, at }: ParquetRow, { column, place }: Taken): unknown {
  const stored = group.columns[place]![at] ?? null;
  return stored === null ? null : column.toFeature!(stored as never);
}
