import { endAtOnce } from './end-at-once.ts';

export type StopSignal = 'SIGTERM' | 'SIGINT';

/** What the signals stop. */
export interface Stoppable {
  /** Stops, and ends the process. */
  stop(signal: StopSignal): void;
  /** A person wants a stop that is under way to wait only for what it must. */
  hurry(): void;
}

/** Ctrl-C under `npm start` arrives twice: from the terminal, and passed on by npm. */
const SAME_KEY_MS = 500;
/** What shells say of a command that SIGINT ended. */
const INTERRUPTED = 130;

/**
 * The two signals that stop the process, from the moment that they are listened to: as process 1 of a container, a process
 * without a handler of its own ignores them. Until something is served there is nothing to wait for. Later SIGTERM gives
 * clients time to leave, however often it comes; SIGINT is a person who waits, and a second one ends the process at once.
 *
 * Every other signal keeps its default effect. A handler for SIGSEGV or SIGBUS would make a fault spin for ever: its
 * instruction runs again after each call.
 */
export class StopSignals {
  #served: Stoppable | undefined;
  #stopping = false;
  #interruptedAt: number | undefined;

  private constructor(unservedExitCode: number) {
    // While a process is being replaced a second signal kills it: it is, only where a thread would hold it up.
    let end: (exitCode: number) => never = (exitCode) => process.exit(exitCode);
    process.once('worker', () => (end = endAtOnce));
    process.on('SIGTERM', () => {
      if (this.#served === undefined) end(unservedExitCode);
      else this.#stop(this.#served, 'SIGTERM');
    });
    process.on('SIGINT', () => {
      if (this.#served === undefined) end(unservedExitCode);
      else this.#interrupt(this.#served);
    });
  }

  /** @param unservedExitCode what a process that is stopped before it serves ends with */
  static listen(unservedExitCode: number): StopSignals {
    return new StopSignals(unservedExitCode);
  }

  /** Whether what is served has been told to stop. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** From now on the signals stop this. */
  serve(served: Stoppable): void {
    this.#served = served;
  }

  #stop(served: Stoppable, signal: StopSignal): void {
    if (this.#stopping) return;
    this.#stopping = true;
    served.stop(signal);
  }

  #interrupt(served: Stoppable): void {
    const now = performance.now();
    if (this.#interruptedAt === undefined) {
      this.#interruptedAt = now;
      if (this.#stopping) served.hurry();
      else this.#stop(served, 'SIGINT');
    } else if (now - this.#interruptedAt > SAME_KEY_MS) {
      endAtOnce(INTERRUPTED);
    }
  }
}
