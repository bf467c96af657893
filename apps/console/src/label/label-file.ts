import { cellsOf, type CsvRecord, RecordReader } from '#csv';
import { request } from '../api/request.ts';
import { slices } from './csv-file.ts';
import { Tally } from './tally.ts';

const SAMPLE_ROWS = 8;
const SAMPLE_FAULTS = 5;

export interface Progress {
  readonly rows: number;
  readonly share: number;
}

/** A labelled file. */
export interface Labelled {
  readonly header: readonly string[];
  /** How many columns the server added at the end: the prediction, what else is answered, and the error. */
  readonly added: number;
  readonly sample: readonly (readonly string[])[];
  readonly rows: number;
  /** Rows without a label. */
  readonly faulty: number;
  readonly faults: readonly { readonly row: number; readonly why: string }[];
  readonly tally: Tally;
  readonly csv: Blob;
}

/**
 * Has every row of a CSV file labelled, slice by slice, so that neither the page nor the connection holds more than a
 * slice of the input. A browser reads no answer before it has sent the whole request: one request for a large file
 * would wait for itself.
 *
 * @throws ProblemError where the server refuses a slice, an AbortError where `signal` says so
 */
export async function labelFile(
  file: File,
  path: string,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Labelled> {
  let header: readonly string[] = [];
  let added = 0;
  // Blobs lie outside the page's own memory, on disk where there are many.
  const parts: Blob[] = [];
  const sample: (readonly string[])[] = [];
  const faults: { row: number; why: string }[] = [];
  const tally = new Tally();
  let count = 0;
  let faulty = 0;

  for await (const { header: input, csv, share } of slices(file)) {
    const headers = { 'content-type': 'text/csv', accept: 'text/csv' };
    const records = await recordsIn(await request(path, { method: 'POST', body: csv, headers, signal }));
    const isFirst = header.length === 0;
    if (isFirst) header = cellsOf(records[0]!);
    added = header.length - input.length;
    parts.push(new Blob(records.slice(isFirst ? 0 : 1).map(({ text }) => `${text}\n`)));
    for (const row of records.slice(1).map((record) => cellsOf(record))) {
      const why = row.at(-1) ?? '';
      if (why === '') tally.add(row.at(-added) ?? '');
      else faulty += 1;
      if (why !== '' && faults.length < SAMPLE_FAULTS) faults.push({ row: count, why });
      if (sample.length < SAMPLE_ROWS) sample.push(row);
      count += 1;
    }
    onProgress({ rows: count, share });
  }
  return { header, added, sample, rows: count, faulty, faults, tally, csv: new Blob(parts, { type: 'text/csv' }) };
}

/** A labelled slice: the header, then a record for each row. */
async function recordsIn(response: Response): Promise<readonly CsvRecord[]> {
  const reader = new RecordReader({ longest: Infinity });
  const records = reader.push(new Uint8Array(await response.arrayBuffer()));
  return [...records, ...reader.end()];
}
