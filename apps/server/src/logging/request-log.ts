import { type DestinationStream, type Level, type Logger, symbols } from 'pino';
import type { NestorError } from '#errors';
import { threeDigits } from './three-digits.ts';

/** What pino keeps of an instance under symbols that it exports, as far as a line is made of it. */
interface PinoParts {
  readonly [symbols.lsCacheSym]: Readonly<Record<number, string>>;
  readonly [symbols.chindingsSym]: string;
  readonly [symbols.timeSym]: () => string;
  readonly [symbols.streamSym]: DestinationStream;
}

/** What a request is answered from, once its model is known; the log and the metrics read it. */
export interface Served {
  readonly model: string;
  readonly version: string;
  /** Of the request, as soon as it is read. */
  rows: number;
}

/** How a request ended, whichever protocol it came by. */
export interface Outcome {
  /** As in HTTP. */
  readonly status: number;
  readonly durationMs: number;
  readonly served: Served | null | undefined;
  readonly failure: NestorError | null | undefined;
  /** Asked so often by machines that a success is logged at debug level only. */
  readonly probe: boolean;
}

/** The server is full or stops, or the time was over: expected, and no fault of the server's. */
const REFUSALS: ReadonlySet<number> = new Set([503, 504]);

/**
 * One line a request, as pino itself would write it. Its fields are always the same, so that it is put together in a
 * fraction of the time in which pino looks at each of them: info for what was answered, warn for what was refused for want
 * of room or time, debug for probes. A fault of ours is an error, and pino's to write, with its cause.
 */
export class RequestLog {
  readonly #logger: Logger;
  readonly #stream: DestinationStream;
  readonly #time: () => string;
  /** What lines of a level begin with, and what follows the time; levels that are not logged are missing. */
  readonly #heads: ReadonlyMap<Level, string>;
  readonly #bindings: string;

  constructor(logger: Logger) {
    const parts = logger as unknown as PinoParts;
    this.#logger = logger;
    this.#stream = parts[symbols.streamSym];
    this.#time = parts[symbols.timeSym];
    this.#bindings = `${parts[symbols.chindingsSym]},`;
    const logged = (['debug', 'info', 'warn'] as const).filter((level) => logger.isLevelEnabled(level));
    this.#heads = new Map(logged.map((level) => [level, parts[symbols.lsCacheSym][logger.levels.values[level]!]!]));
  }

  /** @param fields what identifies the request, as JSON already (`"requestId":"…","status":200`) */
  write(fields: string, outcome: Outcome): void {
    const level = levelOf(outcome);
    if (level === 'error') {
      const { failure } = outcome;
      const line = JSON.parse(`{${fields}${outcomeFields(outcome)}}`) as object;
      this.#logger.error({ ...line, detail: failure?.message, err: failure?.cause }, 'request failed');
      return;
    }
    const head = this.#heads.get(level);
    if (head === undefined) return;
    const detail = level === 'warn' && outcome.failure ? `,"detail":${JSON.stringify(outcome.failure.message)}` : '';
    this.#stream.write(
      `${head}${this.#time()}${this.#bindings}${fields}${outcomeFields(outcome)}${detail},"msg":"request"}\n`,
    );
  }
}

function levelOf({ status, probe }: Outcome): Level {
  if (status < 400) return probe ? 'debug' : 'info';
  if (status < 500) return 'info';
  return REFUSALS.has(status) ? 'warn' : 'error';
}

/** Names, versions and codes are such as need no escaping. */
function outcomeFields({ durationMs, served, failure }: Outcome): string {
  const microseconds = Math.round(durationMs * 1000);
  const milliseconds = Math.floor(microseconds / 1000);
  const duration = `,"durationMs":${milliseconds}.${threeDigits(microseconds - milliseconds * 1000)}`;
  const model = served ? `,"model":"${served.model}","version":"${served.version}","rows":${served.rows}` : '';
  return failure ? `${duration}${model},"code":"${failure.code}"` : duration + model;
}
