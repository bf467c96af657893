import { CATALOGUE, type ErrorCode, type ErrorEntry } from './catalogue.ts';

/** One thing wrong with one value of a request. */
export interface Issue {
  /** The row, from 0, as in the `prediction` list; absent if it concerns the whole request. */
  readonly row?: number;
  /** The feature or tensor. */
  readonly field?: string;
  /** A sentence for people, such as "row 3: RM is missing". */
  readonly detail: string;
}

export interface NestorErrorOptions {
  readonly errors?: readonly Issue[];
  /** Seconds after which to try again; rendered as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** The cause; for the log, never for the client. */
  readonly cause?: unknown;
}

/** The name under which the package exports the class. */
const NAME = 'PredictionError';

/** An error of the catalogue: the only kind that reaches a client. */
export class NestorError extends Error {
  /** Node prints it with the error. */
  static override readonly name = NAME;
  override readonly name = NAME;
  readonly code: ErrorCode;
  readonly errors: readonly Issue[];
  readonly retryAfterSeconds: number | undefined;

  /** @param detail what was wrong this time, where, and what the request had instead; it goes to the client */
  constructor(code: ErrorCode, detail: string, options: NestorErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get entry(): ErrorEntry {
    return CATALOGUE[this.code];
  }
}

/** An error of the catalogue as it is; anything else becomes INTERNAL, with what was thrown as its cause. */
export function toNestorError(thrown: unknown): NestorError {
  if (thrown instanceof NestorError) return thrown;
  return new NestorError('INTERNAL', CATALOGUE.INTERNAL.title, { cause: thrown });
}
