import type { KeyValue, SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { type BadRow, errorOf, type Label } from '#labelling';
import { freshNames } from '#csv';
import { type AnswerColumn, TEXT } from './answer-column.ts';
import type { ParquetColumn } from './parquet-column.ts';
import type { ParquetRowGroup } from './parquet-file.ts';

/** The maximum number of rows in a written row group. */
const ROW_GROUP = 2 ** 16;

/** Writes the columns of a Parquet file and the predictions of its rows as another Parquet file. */
export class LabelledParquet {
  readonly #columns: readonly ParquetColumn[];
  readonly #answers: readonly AnswerColumn[];
  readonly #schema: SchemaElement[];
  readonly #names: readonly string[];
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  /** The rows that are not written yet: those of this row group from `#from` on. */
  #group: ParquetRowGroup | undefined;
  #from = 0;
  #values: unknown[][] = [];
  #errors: (string | null)[] = [];

  constructor(columns: readonly ParquetColumn[], answers: readonly AnswerColumn[], remarks: KeyValue[]) {
    this.#columns = columns;
    this.#answers = answers;
    const taken = columns.map(({ name }) => name);
    this.#names = freshNames([...answers.map(({ column }) => column), 'error'], taken);
    const added = [...answers, TEXT].map(({ element }, at) => ({ ...element, name: this.#names[at]! }));
    const root = { name: 'schema', num_children: columns.length + added.length };
    this.#schema = [root, ...columns.map(({ element }) => element), ...added];
    const schema = [root, ...columns.map(({ stored }) => stored), ...added];
    // The order of stored values need not be the order of the logical values, which statistics describe.
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema, statistics: false, kvMetadata: remarks });
    this.#clear();
  }

  /** Adds the row that follows the one before. */
  add(group: ParquetRowGroup, at: number, label: Label | undefined, bad: BadRow | undefined): void {
    if (group !== this.#group || this.#errors.length === ROW_GROUP) {
      this.#flush();
      this.#group = group;
      this.#from = at;
    }
    for (const [column, { column: key, store }] of this.#answers.entries()) {
      const value = label?.[key] ?? null;
      this.#values[column]!.push(value === null ? null : store(value));
    }
    const error = errorOf(label, bad);
    this.#errors.push(error === '' ? null : error);
  }

  /** Takes the bytes that are ready. */
  take(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }

  /** Takes the rest of the bytes, with the end of the file. */
  end(): Uint8Array {
    this.#flush();
    // The footer has the logical types, so that readers interpret the stored values.
    this.#writer.schema = this.#schema;
    void this.#writer.finish();
    return this.take();
  }

  #flush(): void {
    const count = this.#errors.length;
    if (this.#group === undefined || count === 0) return;
    const to = this.#from + count;
    const kept = this.#columns.map(({ name }, at) => {
      const data = Array.prototype.slice.call(this.#group!.columns[at]!, this.#from, to) as unknown[];
      // To the writer's dictionaries, 0 and -0 are one value.
      return { name, data, ...(data.some((value) => Object.is(value, -0)) && { encoding: 'PLAIN' as const }) };
    });
    const answered = [...this.#values, this.#errors].map((data, at) => ({ name: this.#names[at]!, data }));
    void this.#writer.write({ columnData: [...kept, ...answered], rowGroupSize: ROW_GROUP });
    this.#clear();
  }

  #clear(): void {
    this.#values = this.#answers.map(() => []);
    this.#errors = [];
  }
}
