import { setTimeout as delay } from 'node:timers/promises';
import { NestorError } from '#errors';
import type { CallOptions, RowStream } from './predictor.ts';

/** Most rows that wait for a run. */
const MOST_ROWS = 256;
const RETRY_MS = 20;
/** The error of an overloaded server or model. */
const NO_ROOM: ReadonlySet<string> = new Set(['QUEUE_FULL', 'MEMORY_FULL']);

type PredictRows<Row, Answer, Options> = (rows: readonly Row[], options: Options) => Promise<readonly Answer[]>;

/**
 * Predicts rows as they arrive: a run takes all rows that arrived during the previous one, so a lone row does not wait and
 * a fast source fills its runs. If the model is overloaded, the source waits.
 *
 * @throws PredictionError of the first rows that fail; it names them by their place in the whole stream
 */
export async function* predictMany<Row, Answer, Options extends CallOptions>(
  predict: PredictRows<Row, Answer, Options>,
  rows: RowStream<Row>,
  options: Options,
): AsyncGenerator<Answer, void, undefined> {
  const source = new ReadAhead(rows);
  let answered = 0;
  try {
    for (;;) {
      const waiting = await source.take();
      if (waiting.length === 0) return;
      yield* await withRoom(predict, waiting, options).catch((error: unknown) => {
        throw inStream(error, answered);
      });
      answered += waiting.length;
    }
  } finally {
    await source.end();
  }
}

/** Retries rows that an overloaded model rejects. */
async function withRoom<Row, Answer, Options extends CallOptions>(
  predict: PredictRows<Row, Answer, Options>,
  rows: readonly Row[],
  options: Options,
): Promise<readonly Answer[]> {
  const deadline = performance.now() + (options.timeoutMs ?? Infinity);
  for (;;) {
    const left = deadline - performance.now();
    try {
      return await predict(rows, left === Infinity ? options : { ...options, timeoutMs: left });
    } catch (error) {
      const full = error instanceof NestorError && NO_ROOM.has(error.code);
      if (!full || options.signal?.aborted === true || left <= RETRY_MS) throw error;
      await delay(RETRY_MS);
    }
  }
}

/** An error of a run counts rows from the run's first. */
function inStream(error: unknown, before: number): unknown {
  if (!(error instanceof NestorError) || before === 0) return error;
  const moved = (text: string): string => text.replace(/^row (\d+)/, (_, row) => `row ${Number(row) + before}`);
  const errors = error.errors.map((issue) => ({
    ...issue,
    detail: moved(issue.detail),
    ...(issue.row !== undefined && { row: issue.row + before }),
  }));
  return new NestorError(error.code, moved(error.message), { errors, cause: error });
}

/** Reads ahead while other rows are predicted, up to the most that may wait. */
class ReadAhead<Row> {
  readonly #iterator: AsyncIterator<Row> | Iterator<Row>;
  #rows: Row[] = [];
  #reading = false;
  #ended = false;
  #failure: { readonly reason: unknown } | undefined;
  #arrived: () => void = () => undefined;

  constructor(rows: RowStream<Row>) {
    this.#iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  }

  /** The rows that have arrived, at least one; none at the end. */
  async take(): Promise<readonly Row[]> {
    void this.#read();
    while (this.#rows.length === 0 && !this.#ended) await new Promise<void>((resolve) => (this.#arrived = resolve));
    // Rows that came before a failure of the source are predicted before the failure is reported.
    if (this.#rows.length === 0 && this.#failure !== undefined) throw this.#failure.reason;
    const taken = this.#rows;
    this.#rows = [];
    void this.#read();
    return taken;
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (!this.#ended && this.#rows.length < MOST_ROWS) {
        const next = await this.#iterator.next();
        if (next.done === true) this.#ended = true;
        else this.#rows.push(next.value);
        this.#arrived();
      }
    } catch (reason) {
      this.#failure = { reason };
      this.#ended = true;
      this.#arrived();
    } finally {
      this.#reading = false;
    }
  }

  /** Closes a source that was not read to its end. A pending read delays that until it returns. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const closed = Promise.resolve(this.#iterator.return?.()).catch(() => undefined);
    if (!this.#reading) await closed;
  }
}
