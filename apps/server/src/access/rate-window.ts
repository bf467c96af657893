const MINUTE_MS = 60_000;
/** Clients remembered at once: the oldest are forgotten, so that a flood of addresses holds no memory. */
const CLIENTS = 10_000;

interface Window {
  readonly endsAt: number;
  requests: number;
}

/** Counts the requests of each client, in minutes that begin with the first request in them. */
export class RateWindow {
  readonly #max: number;
  readonly #windows = new Map<string, Window>();

  /** @param max requests that a client may send in a minute */
  constructor(max: number) {
    this.#max = max;
  }

  /**
   * Counts a request.
   *
   * @param now milliseconds of any clock that only goes forward
   * @returns the seconds after which to try again; 0 where the request is one of those that the client may send
   */
  take(client: string, now: number): number {
    let window = this.#windows.get(client);
    if (window === undefined || window.endsAt <= now) {
      this.#windows.delete(client);
      window = { endsAt: now + MINUTE_MS, requests: 0 };
      this.#windows.set(client, window);
      if (this.#windows.size > CLIENTS) this.#windows.delete(this.#windows.keys().next().value!);
    }
    window.requests += 1;
    return window.requests <= this.#max ? 0 : Math.max(1, Math.ceil((window.endsAt - now) / 1000));
  }
}
