import { cellsOf, type CsvRecord, FAULTS } from '#csv';
import type { Tensor } from '#tensor';
import { Column } from './column.ts';
import type { Findings } from './findings.ts';
import { Heading, refuseBlocks } from './heading.ts';
import type { Layout } from './layout.ts';
import type { Rows } from './rows.ts';

/** Reads rows of CSV below one header into tensors. It skips columns that are not features. */
export class CsvReader {
  /** The columns that are not features, nor nearly named as one that is absent. */
  readonly unused: readonly string[];
  readonly #separator: string;
  readonly #layout: Layout;
  readonly #width: number;
  /** The feature of each column; undefined for a column to skip. */
  readonly #targets: readonly (Column | undefined)[];
  readonly #absent: readonly Column[];

  /**
   * @param separator the text between two cells
   * @throws NestorError INVALID_ROWS if a feature has no column or two, or a name nearly matches one;
   * INVALID_REQUEST for a model that cannot take CSV
   */
  constructor(header: readonly string[], separator: string, layout: Layout) {
    this.unused = layout.unused(header);
    const unused = new Set(this.unused);
    const taken = header.filter((name) => !unused.has(name));
    const findings = layout.findings();
    const heading = new Heading(taken, layout, findings);
    refuseBlocks(layout, heading);
    findings.settle();
    this.#separator = separator;
    this.#layout = layout;
    this.#width = header.length;
    this.#absent = heading.absent;
    const fields = heading.targets.values();
    this.#targets = header.map((name) => (unused.has(name) ? undefined : (fields.next().value as Column | undefined)));
  }

  /** @throws NestorError INVALID_ROWS with everything that is wrong, by row and field */
  read(records: readonly CsvRecord[]): Rows {
    const findings = this.#layout.findings();
    const tensors = this.#layout.allocate(records.length);
    for (let row = 0; row < records.length; row += 1) {
      const record = records[row]!;
      if (record.fault !== undefined) findings.rowIssue(row, FAULTS[record.fault]);
      else if (record.text.includes('"')) this.#readQuoted(record, tensors, row, findings);
      else this.#readPlain(record.text, tensors, row, findings);
    }
    if (this.#absent.length > 0) {
      for (let row = 0; row < records.length; row += 1)
        for (const column of this.#absent) column.writeAbsent(tensors, row, findings);
    }
    this.#layout.fillBlocks(tensors, records.length, findings);
    findings.settle();
    return { count: records.length, inputs: this.#layout.inputs(tensors), warnings: findings.warnings };
  }

  /** Without quotes, a cell ends at the next separator; it is read in place. */
  #readPlain(record: string, tensors: readonly Tensor[], row: number, findings: Findings): void {
    const targets = this.#targets;
    const separator = this.#separator;
    let from = 0;
    let at = 0;
    for (; from <= record.length; at += 1) {
      const next = record.indexOf(separator, from);
      const to = next === -1 ? record.length : next;
      targets[at]?.writePart(tensors, row, record, from, to, findings);
      from = to + 1;
    }
    if (at !== this.#width) this.#refuseWidth(at, row, findings);
  }

  #readQuoted(record: CsvRecord, tensors: readonly Tensor[], row: number, findings: Findings): void {
    const cells = cellsOf(record, this.#separator);
    if (cells.length !== this.#width) this.#refuseWidth(cells.length, row, findings);
    else for (const [at, value] of cells.entries()) this.#targets[at]?.writeCell(tensors, row, value, findings);
  }

  #refuseWidth(length: number, row: number, findings: Findings): void {
    findings.rowIssue(row, `has ${length} values; ${this.#width} are expected`);
  }
}
