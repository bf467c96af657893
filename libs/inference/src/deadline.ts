/** One timer that stands for any number of moments: it rings at the earliest, once. */
export class Alarm {
  readonly #ring: () => void;
  readonly #keepsAlive: boolean;
  #at = Infinity;
  #timer: NodeJS.Timeout | undefined = undefined;

  /** @param keepsAlive whether the process goes on until it has rung or is cleared */
  constructor(ring: () => void, keepsAlive = false) {
    this.#ring = ring;
    this.#keepsAlive = keepsAlive;
  }

  /** Rings at `at` (clock of `performance.now()`, ms) or before, where an earlier moment was asked for. */
  by(at: number, now: number): void {
    if (at >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(this.#fire, Math.max(0, Math.ceil(at - now)));
    if (!this.#keepsAlive) this.#timer.unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#at = Infinity;
  }

  readonly #fire = (): void => {
    this.#at = Infinity;
    this.#ring();
  };
}
