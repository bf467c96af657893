import { CATALOGUE, type ErrorCode, type ErrorEntry } from './catalogue.ts';

/** One thing wrong with one value of a request. */
export interface Issue {
  /** The row, from 0, as in the `prediction` list; absent where the whole request is meant. */
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
  /** What led to it; for the log, never for the client. */
  readonly cause?: unknown;
}

/** What programs know it by: the name that the package exports it under. */
const NAME = 'PredictionError';

/** An error of the catalogue: the only kind that reaches a client. */
export class NestorError extends Error {
  /** Shown by Node where an error is printed. */
  static override readonly name = NAME;
  override readonly name = NAME;
  readonly code: ErrorCode;
  readonly errors: readonly Issue[];
  readonly retryAfterSeconds: number | undefined;

  /** `detail` says what was wrong in this occurrence, where, and what came; it goes to the client. */
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

/** The error itself where it is one of the catalogue, else INTERNAL with the thing thrown as its cause. */
export function toNestorError(thrown: unknown): NestorError {
  if (thrown instanceof NestorError) return thrown;
  return new NestorError('INTERNAL', CATALOGUE.INTERNAL.title, { cause: thrown });
}
