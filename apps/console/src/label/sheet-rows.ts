import type { CsvRecord } from '#csv';

/** Finds each record's row in a spreadsheet, from 1 on. There, line breaks in a cell add no rows; empty lines do. */
export class SheetRows {
  #row = 0;
  #nextLine = 1;

  /** The row of the next record. */
  rowOf({ line, text }: Pick<CsvRecord, 'line' | 'text'>): number {
    this.#row += 1 + line - this.#nextLine;
    this.#nextLine = line + text.split('\n').length;
    return this.#row;
  }
}
