import { endAtOnce } from './end-at-once.ts';

export type StopSignal = 'SIGTERM' | 'SIGINT';

export interface Stoppable {
  /** Stops, and ends the process. */
  stop(signal: StopSignal): void;
  /** Shortens a stop in progress: it waits only for requests in flight. */
  hurry(): void;
}

/** Under `npm start`, Ctrl-C arrives twice: from the terminal, and forwarded by npm. */
const SAME_KEY_MS = 500;
/** The exit code that shells report for a command ended by SIGINT. */
const INTERRUPTED = 130;

/**
 * Handles the two signals that stop the process. Process 1 of a container ignores signals without a handler. Before the
 * server serves, a signal ends the process at once. Afterwards, SIGTERM gives clients time to leave, however often it
 * comes. SIGINT comes from a person who waits, and a second one ends the process at once.
 *
 * Every other signal keeps its default effect. A handler for SIGSEGV or SIGBUS would make a fault loop for ever: the
 * faulting instruction runs again after each call.
 */
export class StopSignals {
  #served: Stoppable | undefined;
  #stopping = false;
  #interruptedAt: number | undefined;

  private constructor(unservedExitCode: number) {
    // A second signal kills a process while it is being replaced. So replace it only if there are threads to drop.
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

  /** @param unservedExitCode the exit code of a process that is stopped before it serves */
  static listen(unservedExitCode: number): StopSignals {
    return new StopSignals(unservedExitCode);
  }

  /** Whether the server has been told to stop. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Makes the signals stop this server from now on. */
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
