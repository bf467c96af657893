import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { Failure } from '../exit.ts';
import type { Batch, Row } from './data-set.ts';

/** What is read, predicted and written together: some thousand records of a few numbers. More would only take memory. */
const BLOCK_BYTES = 32 * 1024;
/** A record that is longer is taken for a quote that was never closed. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024;

const FEED = 0x0a;
const QUOTE = 0x22;

/** How records end: at every line break, or (CSV) at those that are not within quotes. */
export type Quoting = 'none' | 'csv';

/**
 * Cuts a file into its records (lines; empty ones are passed over), a block at a time.
 * @throws Failure for a record that does not end, and for bytes that are not UTF-8
 */
export async function* recordBatches(
  file: FileHandle,
  path: string,
  quoting: Quoting,
  from: number,
  line: number,
): AsyncGenerator<Batch> {
  let nextLine = line;
  for await (const { bytes, end } of blocks(file, path, quoting, from)) {
    if (!isUtf8(bytes)) throw new Failure(`${path} is not UTF-8. Convert it first: iconv -f latin1 -t utf-8.`);
    const rows: Row[] = [];
    nextLine = cut(bytes.toString(), quoting === 'csv' && bytes.includes(QUOTE), nextLine, rows);
    yield { rows, end, nextLine };
  }
}

interface Block {
  readonly bytes: Buffer;
  /** The position in the file after it. */
  readonly end: number;
}

async function* blocks(file: FileHandle, path: string, quoting: Quoting, from: number): AsyncGenerator<Block> {
  let rest: Buffer = Buffer.alloc(0);
  for (let position = from; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(BLOCK_BYTES), 0, BLOCK_BYTES, position);
    position += bytesRead;
    const read = buffer.subarray(0, bytesRead);
    const bytes = rest.length === 0 ? read : Buffer.concat([rest, read]);
    const length = bytesRead === 0 ? bytes.length : lastRecordEnd(bytes, quoting);
    if (length > 0) yield { bytes: bytes.subarray(0, length), end: position - bytes.length + length };
    if (bytesRead === 0) return;
    rest = bytes.subarray(length);
    if (rest.length > MAX_RECORD_BYTES) {
      const start = position - rest.length;
      const quote = quoting === 'csv' ? ' Is a quote not closed?' : '';
      throw new Failure(`${path}: the record at byte ${start} is longer than ${MAX_RECORD_BYTES} bytes.${quote}`);
    }
  }
}

/** The bytes up to the last line break that ends a record; 0 where none does. The first byte begins a record. */
function lastRecordEnd(bytes: Buffer, quoting: Quoting): number {
  let quotes = quoting === 'csv' ? countQuotes(bytes) : 0;
  // From the end backwards: what lies between two quotes is within them where an odd number of quotes is before it.
  for (let end = bytes.length; ; quotes -= 1) {
    const quote = quotes === 0 ? -1 : bytes.lastIndexOf(QUOTE, end - 1);
    const feed = quotes % 2 === 0 && end > 0 ? bytes.lastIndexOf(FEED, end - 1) : -1;
    if (feed > quote) return feed + 1;
    if (quotes === 0) return 0;
    end = quote;
  }
}

function countQuotes(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) count += 1;
  return count;
}

/** Adds the records of a text to the rows. Answers the number of the line after it. */
function cut(text: string, quoted: boolean, line: number, rows: Row[]): number {
  for (let start = 0; start < text.length;) {
    const first = line;
    let feed = start - 1;
    let within = false;
    do {
      const from = feed + 1;
      feed = text.indexOf('\n', from);
      if (feed === -1) feed = text.length;
      line += 1;
      if (quoted && hasOddQuotes(text, from, feed)) within = !within;
    } while (within && feed < text.length);
    const end = text[feed - 1] === '\r' ? feed - 1 : feed;
    if (end > start) rows.push({ text: text.slice(start, end), line: first });
    start = feed + 1;
  }
  return line;
}

function hasOddQuotes(text: string, from: number, to: number): boolean {
  let odd = false;
  for (let at = text.indexOf('"', from); at !== -1 && at < to; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
