/** One timer for any number of moments: it fires once, at the earliest of them. */
export class Alarm {
  readonly #ring: () => void;
  readonly #keepsAlive: boolean;
  #at = Infinity;
  #timer: NodeJS.Timeout | undefined = undefined;

  /** @param keepsAlive whether the timer keeps the process alive until it fires or is cleared */
  constructor(ring: () => void, keepsAlive = false) {
    this.#ring = ring;
    this.#keepsAlive = keepsAlive;
  }

  /** Fires at `at` (clock of `performance.now()`, ms), or earlier if an earlier moment was set. */
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
