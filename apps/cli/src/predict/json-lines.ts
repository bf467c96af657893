import { type FileHandle, open } from 'node:fs/promises';
import { LineReader } from '#csv';
import { NestorError } from '#errors';
import { exactJson, isObject, type JsonObject, parseExact, type RowReader, type Rows } from '#features';
import type { Label, Row } from '#labelling';
import type { DataSet, RowBatch } from './data-set.ts';
import { FileText } from './file-text.ts';
import { identityOf } from './identity.ts';
import { LONGEST_RECORD, recordBatches } from './records.ts';

/** A file with one JSON object per line. Each line of the output is the input's text with the label's members added. */
export class JsonLines implements DataSet {
  readonly size: number;
  readonly identity: string;
  readonly head = '';
  readonly ofAllClasses = true;
  readonly unused = new Set<string>();
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #text: FileText;
  readonly #reader: RowReader;
  readonly #known: ReadonlySet<string>;
  readonly #answered: ReadonlySet<string>;

  private constructor(
    file: FileHandle,
    path: string,
    text: FileText,
    identity: string,
    reader: RowReader,
    answered: readonly string[],
  ) {
    this.#file = file;
    this.#path = path;
    this.#text = text;
    this.size = text.size;
    this.identity = identity;
    this.#reader = reader;
    this.#answered = new Set(answered);
    this.#known = new Set(reader.features.map(({ name }) => name));
  }

  /** @param answered the members of a label, which replace those of the record */
  static async open(path: string, reader: RowReader, answered: readonly string[]): Promise<JsonLines> {
    const file = await open(path);
    return new JsonLines(file, path, await FileText.of(file), await identityOf(path), reader, answered);
  }

  batches(from: number, line: number): AsyncIterable<RowBatch> {
    const reader = new LineReader(LONGEST_RECORD, { offset: from, line });
    return recordBatches(this.#text, this.#path, reader);
  }

  read(rows: readonly Row[]): Rows {
    const records: unknown[] = [];
    const errors: { row: number; detail: string }[] = [];
    for (const [row, { text }] of rows.entries()) {
      try {
        records.push(this.#taken(this.#reader.parse(text)));
      } catch (error) {
        errors.push({ row, detail: `is not JSON: ${(error as Error).message}` });
      }
    }
    if (errors.length > 0) throw new NestorError('INVALID_ROWS', 'Some rows are not JSON.', { errors });
    return this.#reader.readRecords(records);
  }

  write({ text }: Row, label: Label | undefined): string {
    const answered = Object.entries(label ?? { prediction: null });
    const members = answered.map(([key, value]) => `"${key}":${exactJson(value)}`).join(',');
    const own = ownMembers(text, this.#answered);
    return own === '' ? `{${members}}\n` : `{${own},${members}}\n`;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** The record without members that the model does not take. Notes their names. */
  #taken(record: unknown): unknown {
    if (!isObject(record)) return record;
    const names = Object.keys(record);
    if (names.every((name) => this.#known.has(name))) return record;
    const unused = new Set(this.#reader.unused(names));
    for (const name of unused) this.#note(name);
    return Object.fromEntries(Object.entries(record).filter(([name]) => !unused.has(name)));
  }

  #note(name: string): void {
    if (this.unused.size < 100) this.unused.add(name);
  }
}

/** The text between the braces of a record, without the label's members; empty if it is not a record. */
function ownMembers(text: string, answered: ReadonlySet<string>): string {
  const record = recordOf(text);
  if (record === undefined) return '';
  const names = Object.keys(record);
  const kept = names.filter((name) => !answered.has(name));
  if (kept.length === names.length) return text.slice(text.indexOf('{') + 1, text.lastIndexOf('}')).trim();
  return exactJson(Object.fromEntries(kept.map((name) => [name, record[name]]))).slice(1, -1);
}

function recordOf(text: string): JsonObject | undefined {
  try {
    const value = parseExact(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
