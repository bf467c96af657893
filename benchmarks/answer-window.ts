import type { Answers } from './load.ts';

/** Counts the answers that arrive while it is open. */
export class AnswerWindow {
  readonly #latenciesMs: number[] = [];
  #failed = 0;
  #open = false;

  open(): void {
    this.#open = true;
  }

  /** @param right false for an error, or for a request without an answer */
  count(right: boolean, milliseconds: number): void {
    if (!this.#open) return;
    if (right) this.#latenciesMs.push(milliseconds);
    else this.#failed += 1;
  }

  close(): Answers {
    this.#open = false;
    return { latenciesMs: this.#latenciesMs, failed: this.#failed };
  }
}
