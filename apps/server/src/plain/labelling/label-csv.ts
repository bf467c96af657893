import { recordsIn } from '#csv';
import { NestorError } from '#errors';
import { type Labeller, LabelTable } from './label-table.ts';

/** Characters of a CSV record, quotes and line breaks within them included. */
const LONGEST_RECORD = 2 ** 20;

/**
 * Labels CSV while it comes: a piece of CSV for each batch of rows, the first with the header. Nothing is read from the
 * source before the piece before was taken, so that memory holds one batch, however long the file is.
 *
 * @param source UTF-8, in pieces of any size
 * @param labelled told of the rows of each piece once they are labelled
 * @throws NestorError before the first piece, for a header that is not of this model (see `LabelTable`) and for NO_ROWS;
 * later only what ends everything, such as CANCELLED: a bad row has its reason in the column `error`
 */
export async function* labelCsv(
  source: AsyncIterable<Uint8Array>,
  labeller: Labeller,
  labelled: (rows: number) => void,
): AsyncGenerator<string, void, void> {
  let table: LabelTable | undefined;
  let head = '';
  for await (const records of recordsIn(source, { longest: LONGEST_RECORD })) {
    let from = 0;
    if (table === undefined) {
      table = new LabelTable(records[0]!, labeller);
      ({ head } = table);
      from = 1;
    }
    for (; from < records.length; from += labeller.batchRows) {
      const { lines, count } = await table.label(records.slice(from, from + labeller.batchRows));
      labelled(count);
      yield head + lines;
      head = '';
    }
  }
  if (table === undefined || head !== '')
    throw new NestorError('NO_ROWS', 'The CSV has no rows: a header line and at least one row are expected.');
}
