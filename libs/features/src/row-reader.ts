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

/** Members that say what form the rows have; each stands alone in its body. */
const ENVELOPES = ['instances', 'dataframe_split', 'dataframe_records'] as const;

const FORMS =
  'a pandas DataFrame dict, one record, a list of records, {"instances": […]}, {"dataframe_split": …} or {"dataframe_records": […]}';

/**
 * Reads the rows of a request, in any of their forms, into the tensors of one model. Made once a model; a value goes
 * straight from the parsed body into its tensor.
 *
 * Every method throws a NestorError: INVALID_REQUEST for what is none of the forms, NO_ROWS, TOO_MANY_ROWS (before any
 * row is looked at), and INVALID_ROWS with all that is wrong with the values, by row and field.
 */
export class RowReader {
  readonly features: readonly Feature[];
  /** Parses JSON as the model needs it: exactly, where it takes whole numbers of 64 bits. Others pay nothing for these. */
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
   * @param text what the body was parsed from: rows of a DataFrame dict come in the order of its first column there
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
    // With one feature, an item is its value; only to a scalar a list of one is a row.
    const scalar = this.features[0]!.shape.length === 0;
    return this.readLists(list.map((item) => (scalar && Array.isArray(item) ? (item as unknown) : [item])));
  }

  /** Reads records: objects of feature → value. */
  readRecords(list: readonly unknown[]): Rows {
    this.#table.admit(list.length);
    const [first] = list;
    // Where columns have names, what those of the rows are need not be known before they are read.
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
   * Reads tensors: an object of feature or input → list with an item a row, or the rows as one list. Where the
   * inputs have no dimension for rows, each is taken whole.
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
   * Reads CSV with a header (RFC 4180), which tells the separator. Spaces around numbers and booleans are allowed; text is
   * taken as it is.
   *
   * @param encoding what the bytes are where no byte order mark tells
   */
  readCsv(csv: Uint8Array, encoding?: Encoding): Rows {
    const { header, rows } = parseCsv(csv, this.#table.maxRows, encoding);
    return this.readCells(header, rows);
  }

  /** A reader of rows of CSV below this header, some at a time. @throws NestorError for a header that is not of this model */
  csvBelow(header: readonly string[], separator = ','): CsvReader {
    return new CsvReader(header, separator, this.#tableOf(withoutIndex(header)).layout);
  }

  /** Reads rows of CSV cells below a header; a first column without a name (pandas' index) is ignored. */
  readCells(header: readonly string[], rows: readonly (readonly string[])[]): Rows {
    return this.#tableOf(withoutIndex(header)).readCells(header, rows);
  }

  /** Whether a table's columns stand for the model's by their position: neither has names for the other's. */
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
   * The reader of a table with these columns, which stand for the model's by their position where it has no names for them.
   *
   * @param row the row that they are of, where others may have others
   * @throws NestorError INVALID_ROWS where there are more or fewer than the model has
   */
  #tableOf(columns: readonly unknown[], row?: number): TableReader {
    if (!this.areByPosition(columns)) return this.#table;
    const named = this.#unnamed!.named(columns, row);
    return new TableReader(new Layout(named.features, this.#signature, this.#options, named), this.#options.maxRows);
  }
}
