import type { FileHandle } from 'node:fs/promises';
import { BYTE_ORDER_MARK, type Encoding, markedEncoding, Transcoder } from '#csv';

/** Read, predicted and written together: about a thousand records of a few numbers. More would only take memory. */
const BLOCK_BYTES = 32 * 1024;
const MARK = Buffer.from(BYTE_ORDER_MARK);

/** The text of a file, converted to UTF-8. Places in it are counted in bytes of UTF-8. */
export class FileText {
  /** Its length in bytes; for UTF-16 an estimate. */
  readonly size: number;
  /** Whether it begins with a byte order mark. */
  readonly isMarked: boolean;
  readonly #file: FileHandle;
  readonly #encoding: Encoding;

  private constructor(file: FileHandle, size: number, isMarked: boolean, encoding: Encoding) {
    this.#file = file;
    this.size = size;
    this.isMarked = isMarked;
    this.#encoding = encoding;
  }

  static async of(file: FileHandle): Promise<FileText> {
    const { size } = await file.stat();
    const block = Buffer.alloc(BLOCK_BYTES);
    const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, 0);
    const start = block.subarray(0, bytesRead);
    const encoding = markedEncoding(start);
    if (encoding === undefined) return new FileText(file, size, start.subarray(0, MARK.length).equals(MARK), 'utf-8');
    const share = new Transcoder().push(start).length / start.length;
    return new FileText(file, size * share, true, encoding);
  }

  /** The bytes from a place on, a block at a time. A block is valid until the next one is read. */
  async *from(place: number): AsyncGenerator<Uint8Array, void, void> {
    if (this.#encoding === 'utf-8') {
      yield* this.#blocks(place);
      return;
    }
    // In UTF-16, a place can be found only by reading up to it.
    const transcoder = new Transcoder();
    let before = place;
    for await (const block of this.#blocks(0)) {
      const bytes = transcoder.push(block);
      if (bytes.length > before) yield bytes.subarray(before);
      before = Math.max(0, before - bytes.length);
    }
    yield transcoder.end();
  }

  async *#blocks(from: number): AsyncGenerator<Uint8Array, void, void> {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    for (let position = from; ;) {
      const { bytesRead } = await this.#file.read(block, 0, BLOCK_BYTES, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield block.subarray(0, bytesRead);
    }
  }
}
