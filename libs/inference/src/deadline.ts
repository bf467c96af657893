/** One timer that stands for any number of moments: it rings at the earliest, once. It keeps no process alive. */
export class Alarm {
  readonly #ring: () => void;
  #at = Infinity;
  #timer: NodeJS.Timeout | undefined = undefined;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings at `at` (clock of `performance.now()`, ms) or before, where an earlier moment was asked for. */
  by(at: number, now: number): void {
    if (at >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(this.#fire, Math.max(0, Math.ceil(at - now))).unref();
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
