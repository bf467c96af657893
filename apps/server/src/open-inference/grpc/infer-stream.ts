import type { ServerDuplexStream } from '@grpc/grpc-js';
import { NestorError, toNestorError } from '#errors';
import { Call } from './call.ts';
import type { Calls, Record } from './calls.ts';
import { encodeStreamError, encodeStreamResponse } from './encode-infer.ts';
import { readInferMessage } from './infer-message.ts';
import type { Inference } from './inference.ts';
import { releaseMemory } from './release-memory.ts';
import { detailsOf, statusOf } from './status.ts';

/** Requests of one stream that may be under way: enough to fill a batch. */
const MOST_UNDER_WAY = 64;

/**
 * One ModelStreamInfer: every request is answered once, in the order of the requests, and those under way may share a
 * run. An error answers its request and leaves the stream open. No more is read than may be under way, and no more than
 * the caller takes in.
 */
export class InferStream {
  readonly #call: ServerDuplexStream<Buffer, Buffer>;
  readonly #requestId: string;
  readonly #calls: Calls;
  readonly #inference: Inference;
  readonly #record: Record;
  readonly #maxBytes: number;
  #underWay = 0;
  #bytes = 0;
  #stopped = false;
  /** Settles when all answers so far are written. */
  #written: Promise<void> = Promise.resolve();

  /** @param maxBytes of requests under way, from which on no more are read */
  constructor(
    call: ServerDuplexStream<Buffer, Buffer>,
    requestId: string,
    calls: Calls,
    inference: Inference,
    record: Record,
    maxBytes: number,
  ) {
    this.#call = call;
    this.#requestId = requestId;
    this.#calls = calls;
    this.#inference = inference;
    this.#record = record;
    this.#maxBytes = maxBytes;
    call.on('data', (request: Buffer) => this.#take(request));
    call.on('end', () => void this.#written.then(() => call.end()));
  }

  /** Answers what was read, reads no more and tells the caller to go elsewhere. */
  stop(): void {
    this.#stopped = true;
    this.#call.pause();
    const stopping = new NestorError('MODEL_NOT_READY', 'The server is stopping: open the stream anew.');
    void this.#written.then(() => this.#call.emit('error', statusOf(stopping, this.#requestId)));
  }

  #take(request: Buffer): void {
    const { length } = request;
    this.#underWay += 1;
    this.#bytes += length;
    if (this.#isFull) this.#call.pause();
    const answer = this.#answer(request);
    this.#written = this.#written.then(async () => {
      await this.#write(await answer);
      this.#underWay -= 1;
      this.#bytes -= length;
      if (!this.#isFull && !this.#stopped) this.#call.resume();
    });
  }

  get #isFull(): boolean {
    return this.#underWay >= MOST_UNDER_WAY || this.#bytes >= this.#maxBytes;
  }

  /** Never rejects. */
  async #answer(request: Buffer): Promise<Buffer> {
    const call = new Call(this.#call, this.#requestId);
    let id = '';
    try {
      const message = readInferMessage(request);
      id = message.id;
      const refusal = this.#calls.limit(call);
      if (refusal !== undefined) throw refusal;
      const { inputs, wanted, outputs, answerer } = await this.#inference.infer(message, call);
      const response = encodeStreamResponse(wanted, outputs, answerer);
      releaseMemory(request, inputs);
      this.#record(call, undefined);
      return response;
    } catch (thrown) {
      const error = toNestorError(thrown);
      this.#record(call, error);
      return encodeStreamError(id, detailsOf(error));
    }
  }

  /** Resolves when the caller has taken in enough for more, or has left. */
  #write(response: Buffer): Promise<void> | undefined {
    const call = this.#call;
    if (call.cancelled || call.write(response)) return undefined;
    return new Promise((resolve) => {
      const done = (): void => {
        call.off('drain', done).off('cancelled', done);
        resolve();
      };
      call.on('drain', done).on('cancelled', done);
    });
  }
}
