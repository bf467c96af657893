import { readSettings, type Settings, SettingsError } from '#config';
import { endAtOnce } from './lifecycle/end-at-once.ts';
import { createLog, type Log } from './logging/logger.ts';

/**
 * Runs `act` with the settings of an environment and the process's log. An error ends the process with exit code 1 and
 * a sentence on stderr.
 *
 * @param failure the beginning of that sentence
 */
export async function attempt(
  env: Readonly<Record<string, string | undefined>>,
  failure: string,
  act: (settings: Settings, log: Log) => Promise<void>,
): Promise<void> {
  let log: Log | undefined;
  try {
    const settings = readSettings(env, process.stdout.isTTY);
    log = await createLog(settings);
    await act(settings, log);
  } catch (error) {
    await fail(failure, error, log);
  }
}

/** Ends the process with exit code 1, after a sentence on stderr. */
export async function fail(failure: string, error: unknown, log: Log | undefined): Promise<never> {
  process.stderr.write(`${failure}: ${messageOf(error)}\n`);
  return endProcess(1, log);
}

/** Ends the process once its log is written, or at once if the log's reader is stuck. */
export async function endProcess(exitCode: number, log: Log | undefined): Promise<never> {
  const isWritten = await log?.output.end();
  if (isWritten === false) endAtOnce(exitCode);
  process.exit(exitCode);
}

/** A user's mistake gets a sentence. Only unexpected errors get their stack. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE')
    return `${error.message}. Another process has the port; set PORT, or --port of nestor serve, to a free one.`;
  if (error instanceof SettingsError || error.name === 'RepositoryError' || error.name === 'KeyFileError')
    return error.message;
  return error.stack ?? error.message;
}
