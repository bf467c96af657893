import type { Readable } from 'node:stream';
import { LONGEST_RECORD } from '#labelling';
import { COST_OF_TEXT, type ReadRequest } from '../../http/read-body.ts';

/** CSV as it comes. What has no label yet, such as a record without end, is counted in the memory budget. */
export class UnlabelledBytes implements AsyncIterable<Buffer> {
  #bytes = 0;

  constructor(
    private readonly source: Readable,
    private readonly request: Pick<ReadRequest, 'heldBytes' | 'server'>,
  ) {}

  /** What came has its labels. */
  forget(): void {
    this.#bytes = 0;
  }

  /** @throws NestorError MEMORY_FULL */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, void> {
    // An error in the header is answered on the connection that the rest of the rows still comes on.
    for await (const piece of this.source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      this.#bytes += piece.length;
      // Of a record that is longer nothing is kept.
      const kept = Math.min(this.#bytes, LONGEST_RECORD);
      this.request.server.memoryBudget.hold(this.request, kept * COST_OF_TEXT);
      yield piece;
    }
  }
}
