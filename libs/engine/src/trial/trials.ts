import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { RepositoryError } from '#models';
import { entryFile } from '#onnx';
import type { TrialOutcome, TrialTask } from './trial-messages.ts';

/** After its deadline, how long the process waits for its parent to end it before it ends itself. */
const GRACE_MS = 5000;

/** The result of a successful trial. */
export type TrialFindings = Exclude<TrialOutcome, { refusal: string }>;

/**
 * Tries versions before they are loaded, each in a separate process. A version that would crash this process, or never
 * return, then only fails to load.
 */
export class Trials {
  readonly #timeoutSeconds: number;
  readonly #children = new Set<ChildProcess>();
  #ended = false;

  constructor(timeoutSeconds: number) {
    this.#timeoutSeconds = timeoutSeconds;
  }

  /** @throws RepositoryError saying why the version cannot be loaded */
  async run({ source, options, cpus }: Omit<TrialTask, 'timeoutMs'>): Promise<TrialFindings> {
    const timeoutMs = this.#timeoutSeconds * 1000;
    const child = start({ source, options, cpus, timeoutMs: timeoutMs + GRACE_MS });
    this.#children.add(child);
    const deadline = AbortSignal.timeout(timeoutMs);
    deadline.addEventListener('abort', () => child.kill('SIGKILL'));
    if (this.#ended) child.kill('SIGKILL');
    const outcome = await outcomeOf(child).finally(() => this.#children.delete(child));
    if (this.#ended) throw new RepositoryError('The load was cancelled, since the models are being closed.');
    if (deadline.aborted) throw new RepositoryError(this.#tooLong(source.path));
    if ('signal' in outcome) throw new RepositoryError(endedBy(outcome, source.path));
    if ('refusal' in outcome) throw new RepositoryError(outcome.refusal);
    return outcome;
  }

  /** Aborts running trials; later trials fail. */
  end(): void {
    this.#ended = true;
    for (const child of this.#children) child.kill('SIGKILL');
  }

  #tooLong(path: string): string {
    return (
      `${path}: it was tried in a process of its own, and was not ready after ${this.#timeoutSeconds} s (LOAD_TIMEOUT_SECONDS). ` +
      `A run that never ends on made-up rows is the usual cause: ${ADVICE} Raise LOAD_TIMEOUT_SECONDS for a model that needs longer.`
    );
  }
}

const ADVICE = 'add rows that make sense to the model as "examples" to model.json.';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function endedBy({ code, signal }: Ended, path: string): string {
  const tried = `${path}: it was tried in a process of its own`;
  if (signal === null)
    return `${tried}, which ended with exit code ${code} and without a message. Report this as a bug, with the model.`;
  const cause =
    signal === 'SIGKILL'
      ? 'The system ended it, as it does where memory runs out: give the server more memory, or serve a smaller model.'
      : `An operator of ONNX Runtime died of the model or of made-up rows: ${ADVICE}`;
  return `${tried}, which it ended (${signal}). ${cause}`;
}

function start(task: TrialTask): ChildProcess {
  const { filename, execArgv } = entryFile(import.meta.url, 'trial-process');
  const child = fork(filename, { execArgv, serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  // If the process ended before it got the task, its end reports that.
  child.send(task, () => undefined);
  return child;
}

/** The message of the process, or how it ended without one. */
async function outcomeOf(child: ChildProcess): Promise<TrialOutcome | Ended> {
  let outcome: TrialOutcome | undefined;
  child.once('message', (said: TrialOutcome) => (outcome = said));
  // After 'exit' a message may still be on its way; 'close' comes after it.
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return outcome ?? { code, signal };
  } catch (error) {
    return {
      refusal: `The process in which it is to be tried cannot be started (${(error as NodeJS.ErrnoException).code}).`,
    };
  }
}
