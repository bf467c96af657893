import { type CsvRecord, type Encoding, RecordReader, recordsIn } from '#csv';
import type { Caller, ModelVersion } from '#engine';
import { NestorError } from '#errors';
import { CsvTable } from './csv-table.ts';
import { labelBatches } from './label-batches.ts';
import { Labeller } from './labeller.ts';
import type { Row } from './row.ts';

/** Characters of a CSV record, quotes and line breaks within them included. */
export const LONGEST_RECORD = 2 ** 20;
/** Runs of the model in one batch of rows: enough that reading and writing them is cheap, few enough for a short one. */
const RUNS_A_BATCH = 8;

/** Some CSV, labelled. */
export interface LabelledCsv {
  readonly text: string;
  /** How many rows it has. */
  readonly rows: number;
}

export interface LabelCsvOptions extends Caller {
  /** What the source is where no byte order mark tells: UTF-8 unless it is given. */
  readonly encoding?: Encoding | undefined;
}

/**
 * Labels CSV while it comes: a piece of CSV for each batch of rows, the first with the header. Nothing is read from the
 * source before the piece before was taken, so that memory holds one batch, however long the file is. Whoever labels holds
 * a lease of the version.
 *
 * @param source in pieces of any size; its header tells the separator, which is that of the labelled CSV too
 * @throws NestorError before the first piece, for a header that is not of this model (see `CsvTable`) and for NO_ROWS;
 * later only what ends everything, such as CANCELLED: a bad row has its reason in the column `error`
 */
export async function* labelCsv(
  source: AsyncIterable<Uint8Array>,
  model: ModelVersion,
  { timeoutMs, gone, encoding }: LabelCsvOptions,
): AsyncGenerator<LabelledCsv, void, void> {
  const reader = new RecordReader({ longest: LONGEST_RECORD });
  const records = recordsIn(source, reader, encoding);
  try {
    const { header, rest } = await headerOf(records);
    const table = new CsvTable(header, model, { withErrors: true, separator: reader.separator });
    const labeller = new Labeller(model, table, { timeoutMs: Math.min(timeoutMs, model.limits.timeoutMs), gone });
    let { head } = table;
    for await (const { batch, labelled } of labelBatches(inRuns(rest, records, model), labeller, 1)) {
      const bad = new Map(labelled.bad.map((one) => [one.at, one]));
      const lines = batch.rows.map((row, at) => table.write(row, labelled.labels[at], bad.get(at)));
      yield { text: head + lines.join(''), rows: lines.length };
      head = '';
    }
    if (head !== '') throw noRows();
  } finally {
    // Whatever ended it, the source is read no more.
    await records.return();
  }
}

/** The first record, and those that came with it. */
async function headerOf(
  records: AsyncGenerator<readonly CsvRecord[], void, void>,
): Promise<{ readonly header: CsvRecord; readonly rest: readonly CsvRecord[] }> {
  const next = await records.next();
  if (next.done === true) throw noRows();
  const [header, ...rest] = next.value;
  return { header: header!, rest };
}

/** Rows in batches of as many as a few runs take; never an empty one. */
async function* inRuns(
  first: readonly Row[],
  others: AsyncIterable<readonly Row[]>,
  { rows: found, batching, limits }: ModelVersion,
): AsyncGenerator<{ readonly rows: readonly Row[] }, void, void> {
  const most = found.kind === 'none' ? 1 : Math.min(RUNS_A_BATCH * batching.maxBatchRows, limits.maxRows);
  const cut = function* (rows: readonly Row[]) {
    for (let from = 0; from < rows.length; from += most) yield { rows: rows.slice(from, from + most) };
  };
  yield* cut(first);
  for await (const rows of others) yield* cut(rows);
}

const noRows = (): NestorError =>
  new NestorError('NO_ROWS', 'The CSV has no rows: a header line and at least one row are expected.');
