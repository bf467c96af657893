import { type DestinationStream, type Level, type Logger, symbols } from 'pino';
import type { NestorError } from '#errors';
import { threeDigits } from './three-digits.ts';

/** The parts of a pino instance that make up a line; pino keeps them under exported symbols. */
interface PinoParts {
  readonly [symbols.lsCacheSym]: Readonly<Record<number, string>>;
  readonly [symbols.chindingsSym]: string;
  readonly [symbols.timeSym]: () => string;
  readonly [symbols.streamSym]: DestinationStream;
}

/** The model version that serves a request, for the log and the metrics. */
export interface Served {
  readonly model: string;
  readonly version: string;
  /** The request's rows, known once it has been read. */
  rows: number;
}

/** How a request ended, in any protocol. */
export interface Outcome {
  /** An HTTP status, for gRPC calls too. */
  readonly status: number;
  readonly durationMs: number;
  readonly served: Served | null | undefined;
  readonly failure: NestorError | null | undefined;
  /** Machines send probes often, so a success is logged only at debug level. */
  readonly probe: boolean;
}

/** The server is overloaded or shutting down, or the deadline passed: expected, and not a fault of the server. */
const REFUSALS: ReadonlySet<number> = new Set([503, 504]);

/**
 * Logs one line per request in pino's format. The fields are always the same, so joining them takes a fraction of
 * pino's time. Answered requests have the level info, overload and timeouts warn, and probes debug. pino itself writes
 * the server's own errors, with their cause.
 */
export class RequestLog {
  readonly #logger: Logger;
  readonly #stream: DestinationStream;
  readonly #time: () => string;
  /** The beginning of lines by level, without the levels that are not logged. */
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

  /** @param fields the fields that identify the request, already as JSON (`"requestId":"…","status":200`) */
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

/** Names, versions and codes need no escaping. */
function outcomeFields({ durationMs, served, failure }: Outcome): string {
  const microseconds = Math.round(durationMs * 1000);
  const milliseconds = Math.floor(microseconds / 1000);
  const duration = `,"durationMs":${milliseconds}.${threeDigits(microseconds - milliseconds * 1000)}`;
  const model = served ? `,"model":"${served.model}","version":"${served.version}","rows":${served.rows}` : '';
  return failure ? `${duration}${model},"code":"${failure.code}"` : duration + model;
}
