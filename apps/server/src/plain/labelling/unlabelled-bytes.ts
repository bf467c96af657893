import type { Readable } from 'node:stream';
import { LONGEST_RECORD } from '#labelling';
import { COST_OF_TEXT, type ReadRequest } from '../../http/read-body.ts';

/** CSV as it arrives. Bytes not yet labelled, such as those of an endless record, count towards the memory budget. */
export class UnlabelledBytes implements AsyncIterable<Buffer> {
  #bytes = 0;

  constructor(
    private readonly source: Readable,
    private readonly request: Pick<ReadRequest, 'heldBytes' | 'server'>,
  ) {}

  /** Call this once all bytes so far are labelled. */
  forget(): void {
    this.#bytes = 0;
  }

  /** @throws NestorError MEMORY_FULL */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, void> {
    // Without `destroyOnReturn: false`, an error in the header would close the connection before its response.
    for await (const piece of this.source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      this.#bytes += piece.length;
      // Nothing is kept of a longer record.
      const kept = Math.min(this.#bytes, LONGEST_RECORD);
      this.request.server.memoryBudget.hold(this.request, kept * COST_OF_TEXT);
      yield piece;
    }
  }
}
