import type { CsvRecord } from '#csv';

/** Finds the rows of a spreadsheet that records stand in, the first being 1: line breaks in a cell make no rows there, empty lines do. */
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
