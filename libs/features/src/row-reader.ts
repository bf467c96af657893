import { NestorError, quote } from '#errors';
import type { Signature, Tensor } from '#tensor';
import { Column } from './column.ts';
import { turn } from './columnar.ts';
import { parseCsv } from './csv.ts';
import { CsvReader } from './csv-reader.ts';
import { DataFrame } from './data-frame.ts';
import type { Feature } from './feature.ts';
import { describe, Findings } from './findings.ts';
import { Heading } from './heading.ts';
import { isObject, type JsonObject } from './json-object.ts';
import { Layout } from './layout.ts';
import { mayHaveRows } from './row-dimension.ts';
import type { RowReaderOptions, Rows } from './rows.ts';

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
  readonly #layout: Layout;
  readonly #maxRows: number;
  readonly #envelopes: readonly string[];
  readonly #positions: Heading;

  constructor(features: readonly Feature[], signature: Signature, options: RowReaderOptions) {
    this.features = features;
    const { hasRows = mayHaveRows(signature), emptyDimensions = false } = options;
    this.#layout = new Layout(features, signature, hasRows, emptyDimensions);
    this.#maxRows = options.maxRows;
    this.#envelopes = ENVELOPES.filter((name) => !this.#layout.fields.has(name));
    const names = features.map(({ name }) => name);
    this.#positions = new Heading(names, this.#layout, new Findings());
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
    return isObject(body[first]) ? this.#readFrame(body, first, text) : this.readRecords([body]);
  }

  /** Reads a list of records, or of rows by position (see `readLists`). */
  readInstances(list: readonly unknown[]): Rows {
    if (isObject(list[0])) return this.readRecords(list);
    if (this.features.length !== 1) return this.readLists(list);
    this.#admit(list.length);
    // With one feature, an item is its value; only to a scalar a list of one is a row.
    const scalar = this.features[0]!.shape.length === 0;
    return this.readLists(list.map((item) => (scalar && Array.isArray(item) ? (item as unknown) : [item])));
  }

  /** Reads records: objects of feature → value. */
  readRecords(list: readonly unknown[]): Rows {
    this.#admit(list.length);
    const findings = new Findings();
    const tensors = this.#layout.allocate(list.length);
    let records = 0;
    for (let row = 0; row < list.length; row += 1) {
      const record = list[row];
      if (isObject(record)) {
        records += 1;
        this.#readRecord(record, row, tensors, findings);
      } else {
        findings.rowIssue(row, `is ${describe(record)}; a record is expected`);
      }
    }
    if (records < list.length) findings.settle();
    for (const block of this.#layout.blocks) {
      tensors[block.slot] = block.read(
        (list as readonly JsonObject[]).map((record) => block.pick(record)),
        findings,
      )!;
    }
    return this.#rows(list.length, tensors, findings);
  }

  /** Reads rows that are lists of values, one for each feature in order. */
  readLists(rows: readonly unknown[]): Rows {
    return this.#readTable(this.#positions, rows, new Findings());
  }

  /** Reads rows that are lists of values, one for each of the columns, which name features in any order. */
  readTable(columns: readonly unknown[], rows: readonly unknown[]): Rows {
    this.#admit(rows.length);
    const findings = new Findings();
    return this.#readTable(new Heading(columns, this.#layout, findings), rows, findings);
  }

  /**
   * Reads tensors: an object of feature or input → list with an item a row, or the rows as one list. Where the
   * inputs have no dimension for rows, each is taken whole.
   */
  readInputs(inputs: unknown): Rows {
    return { ...this.#readInputs(inputs), asSent: true };
  }

  #readInputs(inputs: unknown): Rows {
    const { hasRows } = this.#layout;
    if (Array.isArray(inputs))
      return hasRows || this.features.length !== 1 ? this.readInstances(inputs) : this.readLists([[inputs]]);
    if (!isObject(inputs))
      throw new NestorError('INVALID_REQUEST', `The inputs are ${describe(inputs)}; an object or a list is expected.`);
    if (!hasRows) return this.readRecords([inputs]);
    const { columns, count, rows } = turn(inputs, this.features);
    this.#admit(count);
    return this.readTable(columns, rows());
  }

  /** Reads CSV with a header (RFC 4180, UTF-8). Spaces around numbers and booleans are allowed; text is taken as it is. */
  readCsv(csv: Uint8Array): Rows {
    const { header, rows } = parseCsv(csv, this.#maxRows);
    return this.readCells(header, rows);
  }

  /** A reader of rows of CSV below this header, some at a time. @throws NestorError for a header that is not of this model */
  csvBelow(header: readonly string[]): CsvReader {
    return new CsvReader(header, this.#layout);
  }

  /** Whether a column's name is a feature's, or nearly that of one. */
  isMeant(name: string): boolean {
    return this.#layout.isMeant(name);
  }

  /** Finds what is wrong with a header whose rows come later, each read by `readCells`. */
  checkHeader(header: readonly string[]): void {
    this.#refuseBlocks();
    const findings = new Findings();
    new Heading(header, this.#layout, findings, header[0] === '');
    findings.settle();
  }

  /** Reads rows of CSV cells below a header; a first column without a name (pandas' index) is ignored. */
  readCells(header: readonly string[], rows: readonly (readonly string[])[]): Rows {
    this.#refuseBlocks();
    this.#admit(rows.length);
    const findings = new Findings();
    const heading = new Heading(header, this.#layout, findings, header[0] === '');
    const tensors = this.#layout.allocate(rows.length);
    for (let row = 0; row < rows.length; row += 1) {
      const cells = rows[row]!;
      if (!heading.measures(cells, row, findings)) continue;
      for (let at = 0; at < cells.length; at += 1) {
        const field = heading.targets[at];
        if (field instanceof Column) field.writeCell(tensors, row, cells[at]!, findings);
      }
      for (const column of heading.absent) column.writeAbsent(tensors, row, findings);
    }
    return this.#rows(rows.length, tensors, findings);
  }

  #refuseBlocks(): void {
    const [block] = this.#layout.blocks;
    if (block === undefined) return;
    throw new NestorError(
      'INVALID_REQUEST',
      `CSV cannot carry ${block.name}, whose value is a tensor: send the rows as JSON.`,
    );
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

  #readRecord(record: JsonObject, row: number, tensors: readonly Tensor[], findings: Findings): void {
    let known = 0;
    for (const column of this.#layout.columns) {
      const value = column.pick(record);
      if (value === undefined) {
        column.writeAbsent(tensors, row, findings);
      } else {
        known += 1;
        column.write(tensors, row, value, findings);
      }
    }
    for (const block of this.#layout.blocks) if (block.pick(record) !== undefined) known += 1;
    const keys = Object.keys(record);
    if (keys.length !== known) this.#reportUnknown(keys, row, findings);
  }

  #readFrame(columns: JsonObject, first: string, text: string | undefined): Rows {
    const frame = new DataFrame(columns, first, text);
    this.#admit(frame.labels.length);
    const findings = new Findings();
    const tensors = this.#layout.allocate(frame.labels.length);
    let known = 0;
    for (const column of this.#layout.columns) if (frame.fill(column, tensors, findings)) known += 1;
    for (const block of this.#layout.blocks) if (frame.check(block, findings)) known += 1;
    const names = Object.keys(columns);
    if (known !== names.length) this.#reportUnknown(names, undefined, findings);
    if (this.#layout.blocks.length > 0) findings.settle();
    for (const block of this.#layout.blocks) tensors[block.slot] = block.read(frame.list(block), findings)!;
    return this.#rows(frame.labels.length, tensors, findings);
  }

  #readTable(heading: Heading, rows: readonly unknown[], findings: Findings): Rows {
    this.#admit(rows.length);
    const tensors = this.#layout.allocate(rows.length);
    let lists = 0;
    for (let row = 0; row < rows.length; row += 1) {
      const values = rows[row];
      if (!heading.measures(values, row, findings)) continue;
      lists += 1;
      for (let at = 0; at < values.length; at += 1) {
        const field = heading.targets[at];
        if (field instanceof Column) field.write(tensors, row, values[at], findings);
      }
      for (const column of heading.absent) column.writeAbsent(tensors, row, findings);
    }
    if (lists < rows.length || !heading.complete) findings.settle();
    for (const block of this.#layout.blocks) {
      const at = heading.targets.indexOf(block);
      tensors[block.slot] = block.read(
        (rows as readonly (readonly unknown[])[]).map((values) => values[at]),
        findings,
      )!;
    }
    return this.#rows(rows.length, tensors, findings);
  }

  #admit(count: number): void {
    if (count === 0) throw new NestorError('NO_ROWS', 'The request has no rows; at least one is expected.');
    if (count > this.#maxRows)
      throw new NestorError('TOO_MANY_ROWS', `The request has more than ${this.#maxRows} rows.`);
    if (count > 1 && !this.#layout.hasRows) {
      throw new NestorError(
        'INVALID_REQUEST',
        `The request has ${count} rows; this model takes one, because the first dimension of its inputs is not rows.`,
      );
    }
  }

  #reportUnknown(keys: readonly string[], row: number | undefined, findings: Findings): void {
    for (const key of keys) {
      if (!this.#layout.fields.has(key)) this.#layout.reportUnknown(key, row, findings);
    }
  }

  #rows(count: number, tensors: readonly Tensor[], findings: Findings): Rows {
    findings.settle();
    return { count, inputs: this.#layout.inputs(tensors), warnings: findings.warnings };
  }
}
