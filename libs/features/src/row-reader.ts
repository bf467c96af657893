import type { Encoding } from '#csv';
import { NestorError, quote } from '#errors';
import type { Signature } from '#tensor';
import { turn } from './columnar.ts';
import { parseCsv } from './csv.ts';
import { CsvReader } from './csv-reader.ts';
import { parseExact } from './exact-json.ts';
import type { Feature } from './feature.ts';
import { describe } from './findings.ts';
import { isObject, type JsonObject } from './json-object.ts';
import { Layout } from './layout.ts';
import type { RowReaderOptions, Rows } from './rows.ts';
import { TableReader, withoutIndex } from './table-reader.ts';
import { UnnamedColumns } from './unnamed-columns.ts';

/** Members that show the form of the rows. A body with one of them has no other member. */
const ENVELOPES = ['instances', 'dataframe_split', 'dataframe_records'] as const;

const FORMS =
  'a pandas DataFrame dict, one record, a list of records, {"instances": […]}, {"dataframe_split": …} or {"dataframe_records": […]}';

/**
 * Reads the rows of a request, in any form, into the tensors of one model. Created once per model. Values go straight
 * from the parsed body into their tensors.
 *
 * Every method throws a NestorError: INVALID_REQUEST for an unknown form, NO_ROWS, TOO_MANY_ROWS (before it reads any
 * row), and INVALID_ROWS with everything that is wrong with the values, by row and field.
 */
export class RowReader {
  readonly features: readonly Feature[];
  /** Parses JSON: exactly if the model takes 64-bit integers, otherwise faster. */
  readonly parse: (text: string) => unknown;
  readonly #signature: Signature;
  readonly #options: RowReaderOptions;
  readonly #table: TableReader;
  readonly #unnamed: UnnamedColumns | undefined;
  readonly #envelopes: readonly string[];

  constructor(features: readonly Feature[], signature: Signature, options: RowReaderOptions) {
    this.features = features;
    this.#signature = signature;
    this.#options = options;
    this.parse = signature.inputs.some(({ datatype }) => datatype.endsWith('INT64')) ? parseExact : JSON.parse;
    this.#unnamed = UnnamedColumns.of(features);
    this.#table = new TableReader(new Layout(features, signature, options), options.maxRows);
    this.#envelopes = ENVELOPES.filter((name) => !this.#table.layout.fields.has(name));
  }

  /**
   * Reads any JSON form. The value of a feature is never an object, so an object whose first member is an object is a
   * DataFrame dict (column → index label → value), and any other is one record.
   *
   * @param text the text of the body, whose first column gives the rows of a DataFrame dict their order
   */
  read(body: unknown, text?: string): Rows {
    if (Array.isArray(body)) return this.readInstances(body);
    if (!isObject(body))
      throw new NestorError('INVALID_REQUEST', `The body is ${describe(body)}; rows are sent as ${FORMS}.`);
    for (const name of this.#envelopes) {
      if (body[name] !== undefined) return this.#readEnvelope(body, name);
    }
    const first = Object.keys(body)[0];
    if (first === undefined)
      throw new NestorError('NO_ROWS', `The body is an empty object; rows are sent as ${FORMS}.`);
    if (!isObject(body[first])) return this.readRecords([body]);
    return this.#tableOfKeys(body).readFrame(body, first, text);
  }

  /** Reads a list of records, or of rows by position (see `readLists`). */
  readInstances(list: readonly unknown[]): Rows {
    if (isObject(list[0])) return this.readRecords(list);
    if (this.features.length !== 1) return this.readLists(list);
    this.#table.admit(list.length);
    // With one feature, an item is its value. A list is a row only if the feature is a scalar.
    const scalar = this.features[0]!.shape.length === 0;
    return this.readLists(list.map((item) => (scalar && Array.isArray(item) ? (item as unknown) : [item])));
  }

  /** Reads records: objects of feature → value. */
  readRecords(list: readonly unknown[]): Rows {
    this.#table.admit(list.length);
    const [first] = list;
    // If the model names its columns, the rows can be read without a look at their names first.
    if (this.#unnamed === undefined || !isObject(first)) return this.#table.readRecords(list);
    return this.#tableOfKeys(first, 0).readRecords(list);
  }

  /** Reads rows that are lists of values, one for each feature in order. */
  readLists(rows: readonly unknown[]): Rows {
    return this.#table.readLists(rows);
  }

  /** Reads rows that are lists of values, one for each of the columns, which name features in any order. */
  readTable(columns: readonly unknown[], rows: readonly unknown[]): Rows {
    this.#table.admit(rows.length);
    const table = this.#tableOf(columns);
    return table === this.#table ? table.readTable(columns, rows) : table.readLists(rows);
  }

  /**
   * Reads tensors: an object of feature or input → list with one item per row, or the rows as one list. If the inputs
   * have no dimension for rows, each value is a whole tensor.
   */
  readInputs(inputs: unknown): Rows {
    return { ...this.#readInputs(inputs), asSent: true };
  }

  #readInputs(inputs: unknown): Rows {
    const { hasRows } = this.#table.layout;
    if (Array.isArray(inputs))
      return hasRows || this.features.length !== 1 ? this.readInstances(inputs) : this.readLists([[inputs]]);
    if (!isObject(inputs))
      throw new NestorError('INVALID_REQUEST', `The inputs are ${describe(inputs)}; an object or a list is expected.`);
    if (!hasRows) return this.readRecords([inputs]);
    const table = this.#tableOfKeys(inputs);
    const { columns, count, rows } = turn(inputs, table.layout.features);
    table.admit(count);
    return table.readTable(columns, rows());
  }

  /**
   * Reads CSV with a header (RFC 4180), which shows the separator. Spaces around numbers and booleans are allowed; text
   * stays unchanged.
   *
   * @param encoding the encoding of bytes without a byte order mark
   */
  readCsv(csv: Uint8Array, encoding?: Encoding): Rows {
    const { header, rows } = parseCsv(csv, this.#table.maxRows, encoding);
    return this.readCells(header, rows);
  }

  /** A reader for batches of CSV rows below this header. @throws NestorError if the header does not fit the model */
  csvBelow(header: readonly string[], separator = ','): CsvReader {
    return new CsvReader(header, separator, this.#tableOf(withoutIndex(header)).layout);
  }

  /** Reads rows of CSV cells below a header; a first column without a name (pandas' index) is ignored. */
  readCells(header: readonly string[], rows: readonly (readonly string[])[]): Rows {
    return this.#tableOf(withoutIndex(header)).readCells(header, rows);
  }

  /** The keys of a record that are no feature's, nor nearly that of a feature without a value. */
  unused(keys: readonly string[]): readonly string[] {
    return this.areByPosition(keys) ? [] : this.#table.layout.unused(keys);
  }

  /** Whether a table's columns are the model's by position: the model names none, and the table names no feature. */
  areByPosition(columns: readonly unknown[]): boolean {
    const isNamed = (column: unknown): boolean => typeof column === 'string' && this.#table.layout.isMeant(column);
    return this.#unnamed !== undefined && columns.length > 0 && !columns.some(isNamed);
  }

  #readEnvelope(body: JsonObject, name: string): Rows {
    const other = Object.keys(body).find((key) => key !== name);
    if (other !== undefined)
      throw new NestorError('INVALID_REQUEST', `"${name}" stands alone: ${quote(other)} beside it is not understood.`);
    const rows = body[name];
    if (name === 'dataframe_split') return this.#readSplit(rows);
    if (!Array.isArray(rows))
      throw new NestorError('INVALID_REQUEST', `"${name}" is ${describe(rows)}; a list is expected.`);
    return name === 'instances' ? this.readInstances(rows) : this.readRecords(rows);
  }

  #readSplit(split: unknown): Rows {
    if (!isObject(split) || !Array.isArray(split.columns) || !Array.isArray(split.data)) {
      throw new NestorError(
        'INVALID_REQUEST',
        '"dataframe_split" is an object with the lists "columns" and "data" (and, if you like, "index").',
      );
    }
    const { columns, index, data, ...others } = split;
    const other = Object.keys(others)[0];
    if (other !== undefined)
      throw new NestorError('INVALID_REQUEST', `${quote(other)} in "dataframe_split" is not understood.`);
    if (index !== undefined && !(Array.isArray(index) && index.length === data.length)) {
      throw new NestorError(
        'INVALID_REQUEST',
        '"index" of "dataframe_split" is a list with one label for each row of "data".',
      );
    }
    return this.readTable(columns, data);
  }

  /** As `#tableOf`, of the keys of an object that came as JSON. */
  #tableOfKeys(object: JsonObject, row?: number): TableReader {
    const keys = Object.keys(object);
    if (this.areByPosition(keys)) this.#unnamed!.requireOrder(keys, row);
    return this.#tableOf(keys, row);
  }

  /**
   * The reader of a table with these columns, which are the model's by position if the model has no names for them.
   *
   * @param row the row with these columns, if other rows may have different ones
   * @throws NestorError INVALID_ROWS if there are more or fewer columns than the model has
   */
  #tableOf(columns: readonly unknown[], row?: number): TableReader {
    if (!this.areByPosition(columns)) return this.#table;
    const named = this.#unnamed!.named(columns, row);
    return new TableReader(new Layout(named.features, this.#signature, this.#options, named), this.#options.maxRows);
  }
}
