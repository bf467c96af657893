/** The exit codes of the process; `usage` means that it was called wrongly. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command reports its exit code with it. */
export type Done = (code: ExitCode) => void;

/** The command was called wrongly. The message says what is wrong and what to do instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command failed. The message says why and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** Errors whose message is written for the user. Any other error is a fault in Nestor, and needs its stack. */
const SENTENCES = new Set([
  'UsageError',
  'Failure',
  'RepositoryError',
  'ModelLoadError',
  'FeatureError',
  'ImageOptionsError',
  'SettingsError',
  'PredictionError',
]);

/** What the user reads of an error. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A system error already names the call and the file.
  if (SENTENCES.has(error.name) || 'syscall' in error) return error.message;
  return error.stack ?? error.message;
}
