import { NestorError } from '#errors';
import type { Tensor } from '#tensor';
import type { Block } from './block.ts';
import { Column } from './column.ts';
import { DataFrame } from './data-frame.ts';
import { describe, type Findings } from './findings.ts';
import { Heading, refuseBlocks } from './heading.ts';
import { isObject, type JsonObject } from './json-object.ts';
import type { Layout } from './layout.ts';
import type { Rows } from './rows.ts';

/**
 * Reads tables into the tensors of a model whose features have their places in a layout. For what the methods throw,
 * see `RowReader`.
 */
export class TableReader {
  readonly layout: Layout;
  readonly maxRows: number;
  readonly #positions: Heading;

  constructor(layout: Layout, maxRows: number) {
    this.layout = layout;
    this.maxRows = maxRows;
    const names = layout.features.map(({ name }) => name);
    this.#positions = new Heading(names, layout, layout.findings());
  }

  /** Reads records: objects of feature → value. */
  readRecords(list: readonly unknown[]): Rows {
    this.admit(list.length);
    const findings = this.layout.findings();
    const tensors = this.layout.allocate(list.length);
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
    this.layout.readBlocks(
      tensors,
      (block) => (list as readonly JsonObject[]).map((record) => block.pick(record)),
      findings,
    );
    return this.#rows(list.length, tensors, findings);
  }

  /** Reads rows that are lists of values, one for each feature in order. */
  readLists(rows: readonly unknown[]): Rows {
    return this.#read(this.#positions, rows, this.layout.findings());
  }

  /** Reads rows that are lists of values, one for each of the columns, which name features in any order. */
  readTable(columns: readonly unknown[], rows: readonly unknown[]): Rows {
    this.admit(rows.length);
    const findings = this.layout.findings();
    return this.#read(new Heading(columns, this.layout, findings), rows, findings);
  }

  /** Reads a DataFrame dict: column → index label → value (see `DataFrame`). */
  readFrame(columns: JsonObject, first: string, text: string | undefined): Rows {
    const frame = new DataFrame(columns, first, text);
    this.admit(frame.labels.length);
    const findings = this.layout.findings();
    const tensors = this.layout.allocate(frame.labels.length);
    let known = 0;
    for (const column of this.layout.columns) if (frame.fill(column, tensors, findings)) known += 1;
    for (const block of this.layout.blocks) if (frame.check(block, findings)) known += 1;
    const names = Object.keys(columns);
    if (known !== names.length) this.layout.reportUnknown(names, undefined, findings);
    if (this.layout.blocks.length > 0) findings.settle();
    this.layout.readBlocks(tensors, (block) => frame.list(block), findings);
    return this.#rows(frame.labels.length, tensors, findings);
  }

  /** Reads rows of CSV cells below a header; a first column without a name is ignored (see `withoutIndex`). */
  readCells(header: readonly string[], rows: readonly (readonly string[])[]): Rows {
    this.admit(rows.length);
    const findings = this.layout.findings();
    const heading = new Heading(header, this.layout, findings, isIndexed(header));
    refuseBlocks(this.layout, heading);
    const tensors = this.layout.allocate(rows.length);
    for (let row = 0; row < rows.length; row += 1) {
      const cells = rows[row]!;
      if (!heading.measures(cells, row, findings)) continue;
      for (let at = 0; at < cells.length; at += 1) {
        const field = heading.targets[at];
        if (field instanceof Column) field.writeCell(tensors, row, cells[at]!, findings);
      }
      for (const column of heading.absent) column.writeAbsent(tensors, row, findings);
    }
    this.layout.fillBlocks(tensors, rows.length, findings);
    return this.#rows(rows.length, tensors, findings);
  }

  /** @throws NestorError NO_ROWS, TOO_MANY_ROWS, INVALID_REQUEST for more rows than the model takes at once */
  admit(count: number): void {
    if (count === 0) throw new NestorError('NO_ROWS', 'The request has no rows; at least one is expected.');
    if (count > this.maxRows) throw new NestorError('TOO_MANY_ROWS', `The request has more than ${this.maxRows} rows.`);
    if (count > 1 && !this.layout.hasRows) {
      throw new NestorError(
        'INVALID_REQUEST',
        `The request has ${count} rows; this model takes one, because the first dimension of its inputs is not rows.`,
      );
    }
  }

  #readRecord(record: JsonObject, row: number, tensors: readonly Tensor[], findings: Findings): void {
    let known = 0;
    for (const column of this.layout.columns) {
      const value = column.pick(record);
      if (value === undefined) {
        column.writeAbsent(tensors, row, findings);
      } else {
        known += 1;
        column.write(tensors, row, value, findings);
      }
    }
    for (const block of this.layout.blocks) if (block.pick(record) !== undefined) known += 1;
    const keys = Object.keys(record);
    if (keys.length !== known) this.layout.reportUnknown(keys, row, findings);
  }

  #read(heading: Heading, rows: readonly unknown[], findings: Findings): Rows {
    this.admit(rows.length);
    const tensors = this.layout.allocate(rows.length);
    let measured = 0;
    for (let row = 0; row < rows.length; row += 1) {
      const values = rows[row];
      if (!heading.measures(values, row, findings)) continue;
      measured += 1;
      for (let at = 0; at < values.length; at += 1) {
        const field = heading.targets[at];
        if (field instanceof Column) field.write(tensors, row, values[at], findings);
      }
      for (const column of heading.absent) column.writeAbsent(tensors, row, findings);
    }
    if (measured < rows.length || !heading.complete) findings.settle();
    const place = (block: Block): number => heading.targets.indexOf(block);
    const lists = rows as readonly (readonly unknown[])[];
    this.layout.readBlocks(tensors, (block) => lists.map((values) => values[place(block)]), findings);
    return this.#rows(rows.length, tensors, findings);
  }

  #rows(count: number, tensors: readonly Tensor[], findings: Findings): Rows {
    findings.settle();
    return { count, inputs: this.layout.inputs(tensors), warnings: findings.warnings };
  }
}

/** pandas writes its index as a first column without a name. */
const isIndexed = (header: readonly string[]): boolean => header[0] === '';

export const withoutIndex = (header: readonly string[]): readonly string[] =>
  isIndexed(header) ? header.slice(1) : header;
