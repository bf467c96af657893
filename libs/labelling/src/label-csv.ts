import { type CsvRecord, type Encoding, RecordReader, recordsIn } from '#csv';
import type { Caller, ModelVersion } from '#engine';
import { NestorError } from '#errors';
import { CsvTable } from './csv-table.ts';
import { labelBatches } from './label-batches.ts';
import { Labeller } from './labeller.ts';
import type { Row } from './row.ts';

/** The maximum number of characters in a CSV record, including quotes and the line breaks between them. */
export const LONGEST_RECORD = 2 ** 20;
/** How many runs of the model a batch of rows needs: enough for efficiency, but few enough to keep a batch short. */
const RUNS_A_BATCH = 8;

/** A piece of labelled CSV. */
export interface LabelledCsv {
  readonly text: string;
  /** How many rows it has. */
  readonly rows: number;
}

export interface LabelCsvOptions extends Caller {
  /** The encoding of a source without a byte order mark; UTF-8 by default. */
  readonly encoding?: Encoding | undefined;
}

/**
 * Labels CSV as it arrives. Yields a piece of CSV for each batch of rows, the first with the header. Reads from the
 * source only after the caller has taken the previous piece, so that memory holds one batch, however long the file is.
 * The caller must hold a lease of the version.
 *
 * @param source CSV in pieces of any size; its header shows the separator, which the labelled CSV keeps
 * @throws NestorError before the first piece, if the header does not fit the model (see `CsvTable`), and NO_ROWS; later
 * only errors that end everything, such as CANCELLED, since the column `error` reports a bad row
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
    // The source is closed, whatever ended the labelling.
    await records.return();
  }
}

/** The first record, and the others of its piece. */
async function headerOf(
  records: AsyncGenerator<readonly CsvRecord[], void, void>,
): Promise<{ readonly header: CsvRecord; readonly rest: readonly CsvRecord[] }> {
  const next = await records.next();
  if (next.done === true) throw noRows();
  const [header, ...rest] = next.value;
  return { header: header!, rest };
}

/** Rows in batches for a few runs each; never yields an empty batch. */
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
