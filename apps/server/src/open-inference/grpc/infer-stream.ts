import type { ServerDuplexStream } from '@grpc/grpc-js';
import { NestorError } from '#errors';
import type { Call } from './call.ts';
import type { MessageMemory } from './message-memory.ts';
import { statusOf } from './status.ts';

/** The limit on a stream's requests in flight: enough to fill a batch. */
const MOST_UNDER_WAY = 64;

/** Answers one request of a stream with a response or an error. Never rejects. */
export type AnswerMessage = (request: Buffer, call: Call) => Promise<Buffer>;

/**
 * One ModelStreamInfer. Every request gets one response, in the order of the requests. Requests in flight may share a
 * run. An error answers its request and leaves the stream open. The stream stops reading at its limits on requests and
 * bytes in flight, and while the caller does not read responses.
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
   * @param opening the call that opened the stream: its requests are logged under its id and count towards its caller
   * @param maxBytes the limit on bytes in flight
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

  /** Stops reading, answers the requests already read, then ends the stream with an error. */
  stop(): void {
    this.#stopped = true;
    this.#call.pause();
    const stopping = new NestorError('MODEL_NOT_READY', 'The server is shutting down. Reopen the stream.');
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

  /** Resolves once the caller is ready for more responses or has left. */
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
