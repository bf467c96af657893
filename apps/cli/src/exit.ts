/** What a process tells the shell: that all went well, that it did not, or that it was called wrongly. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command tells how it ended. */
export type Done = (code: ExitCode) => void;

/** The command was called with something that cannot be: the sentence says what, and what to do instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for could not be done: the sentence says why, and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** Errors whose message is a sentence for whoever called; of any other the stack is needed. */
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

/** What is told of an error. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // An error of the operating system names the call and the file.
  if (SENTENCES.has(error.name) || 'syscall' in error) return error.message;
  return error.stack ?? error.message;
}
