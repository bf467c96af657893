import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { type CsvRecord, RecordCutter, TOO_LONG } from '#csv';
import { Failure } from '../exit.ts';
import type { Batch, Row } from './data-set.ts';

/** What is read, predicted and written together: some thousand records of a few numbers. More would only take memory. */
const BLOCK_BYTES = 32 * 1024;
/** Characters. A picture as JSON numbers has some millions. */
const LONGEST_RECORD = 16 * 1024 * 1024;

const FEED = 0x0a;

/** How records end: at every line break, or (CSV) at those that are not within quotes. */
export type Quoting = 'none' | 'csv';

/**
 * Cuts a file into its records (lines; empty ones are passed over), a block at a time.
 *
 * @param from the byte at which a record begins, and the number of its line
 * @throws Failure for a record that is too long, and for bytes that are not UTF-8
 */
export async function* recordBatches(
  file: FileHandle,
  path: string,
  quoting: Quoting,
  from: number,
  line: number,
): AsyncGenerator<Batch> {
  const cutter = new RecordCutter(LONGEST_RECORD, quoting === 'csv');
  let nextLine = line;
  const rowsOf = (records: readonly CsvRecord[]): Row[] => {
    const rows: Row[] = [];
    for (const text of records) {
      if (text === TOO_LONG) {
        throw new Failure(`${path}, line ${nextLine}: a record is longer than ${LONGEST_RECORD} characters.`);
      }
      if (text !== '') rows.push({ text, line: nextLine });
      nextLine += linesOf(text);
    }
    return rows;
  };
  let last = from;
  for await (const { bytes, end } of blocks(file, from)) {
    if (!isUtf8(bytes)) throw new Failure(`${path} is not UTF-8. Convert it first: iconv -f latin1 -t utf-8.`);
    last = end;
    const rows = rowsOf(cutter.push(bytes.toString()));
    yield { rows, end: end - Buffer.byteLength(cutter.rest), nextLine };
  }
  const rows = rowsOf(cutter.end());
  if (rows.length > 0) yield { rows, end: last, nextLine };
}

interface Block {
  readonly bytes: Buffer;
  /** The position in the file after it. */
  readonly end: number;
}

/** The file in pieces that end at a line break, and else never within a character. */
async function* blocks(file: FileHandle, from: number): AsyncGenerator<Block> {
  let rest: Buffer = Buffer.alloc(0);
  for (let position = from; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(BLOCK_BYTES), 0, BLOCK_BYTES, position);
    position += bytesRead;
    const read = buffer.subarray(0, bytesRead);
    const bytes = rest.length === 0 ? read : Buffer.concat([rest, read]);
    const length = bytesRead === 0 ? bytes.length : wholeLines(bytes);
    if (length > 0) yield { bytes: bytes.subarray(0, length), end: position - bytes.length + length };
    if (bytesRead === 0) return;
    rest = bytes.subarray(length);
  }
}

/** How many of the bytes make up whole lines: text that need not be joined with what follows. Where none do, characters. */
function wholeLines(bytes: Buffer): number {
  const feed = bytes.lastIndexOf(FEED);
  return feed === -1 ? wholeCharacters(bytes) : feed + 1;
}

/** How many of the bytes make up whole characters of UTF-8: without the first bytes of one that goes on behind them. */
function wholeCharacters(bytes: Buffer): number {
  const { length } = bytes;
  for (let back = 1; back <= Math.min(3, length); back += 1) {
    const byte = bytes[length - back]!;
    const follows = (byte & 0xc0) === 0x80;
    if (follows) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? length - back : length;
  }
  return length;
}

function linesOf(record: string): number {
  let lines = 1;
  for (let feed = record.indexOf('\n'); feed !== -1; feed = record.indexOf('\n', feed + 1)) lines += 1;
  return lines;
}
