import type { ServerDuplexStream } from '@grpc/grpc-js';
import { NestorError } from '#errors';
import type { Call } from './call.ts';
import type { MessageMemory } from './message-memory.ts';
import { statusOf } from './status.ts';

/** Requests of one stream that may be under way: enough to fill a batch. */
const MOST_UNDER_WAY = 64;

/** Answers one request of a stream, well or not; never rejects. */
export type AnswerMessage = (request: Buffer, call: Call) => Promise<Buffer>;

/**
 * One ModelStreamInfer: every request is answered once, in the order of the requests, and those under way may share a
 * run. An error answers its request and leaves the stream open. No more is read than may be under way, and no more than
 * the caller takes in.
 */
export class InferStream {
  readonly #call: ServerDuplexStream<Buffer, Buffer>;
  readonly #opening: Call;
  readonly #answer: AnswerMessage;
  readonly #memory: MessageMemory;
  readonly #maxBytes: number;
  #underWay = 0;
  #bytes = 0;
  #stopped = false;
  /** Settles when all answers so far are written. */
  #written: Promise<void> = Promise.resolve();

  /**
   * @param opening the stream as a call: its requests are logged under its id, and counted to who opened it
   * @param maxBytes of requests under way, from which on no more are read
   */
  constructor(
    call: ServerDuplexStream<Buffer, Buffer>,
    opening: Call,
    answer: AnswerMessage,
    memory: MessageMemory,
    maxBytes: number,
  ) {
    this.#call = call;
    this.#opening = opening;
    this.#answer = answer;
    this.#memory = memory;
    this.#maxBytes = maxBytes;
    call.on('data', (request: Buffer) => this.#take(request));
    call.on('end', () => void this.#written.then(() => call.end()));
  }

  /** Answers what was read, reads no more and tells the caller to go elsewhere. */
  stop(): void {
    this.#stopped = true;
    this.#call.pause();
    const stopping = new NestorError('MODEL_NOT_READY', 'The server is stopping: open the stream anew.');
    void this.#written.then(() => this.#call.emit('error', statusOf(stopping, this.#opening)));
  }

  #take(request: Buffer): void {
    const { length } = request;
    this.#underWay += 1;
    this.#bytes += length;
    if (this.#isFull) this.#call.pause();
    const answer = this.#answer(request, this.#opening.next());
    this.#written = this.#written.then(async () => {
      const answered = await answer;
      this.#memory.giveBack(request);
      await this.#write(answered);
      this.#underWay -= 1;
      this.#bytes -= length;
      if (!this.#isFull && !this.#stopped) this.#call.resume();
    });
  }

  get #isFull(): boolean {
    return this.#underWay >= MOST_UNDER_WAY || this.#bytes >= this.#maxBytes;
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
