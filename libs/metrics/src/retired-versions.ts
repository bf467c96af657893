/** Enough that a scrape gets the last counts, even if several versions are unloaded at once. */
const KEPT = 16;

interface Version {
  readonly model: string;
  readonly version: string;
}

/**
 * Unloaded versions whose metrics are still kept. Only the last few are, since a model that is deployed every hour
 * would otherwise leave its series behind for ever.
 */
export class RetiredVersions {
  /** In the order of unloading; the first is the first to drop. */
  readonly #retired = new Map<string, Version>();
  readonly #forget: (model: string, version: string) => void;

  constructor(forget: (model: string, version: string) => void) {
    this.#forget = forget;
  }

  add(model: string, version: string): void {
    this.#retired.set(keyOf(model, version), { model, version });
    const [oldest] = this.#retired.values();
    if (this.#retired.size <= KEPT || oldest === undefined) return;
    this.remove(oldest.model, oldest.version);
    this.#forget(oldest.model, oldest.version);
  }

  /** Removes a version that is served again. */
  remove(model: string, version: string): void {
    this.#retired.delete(keyOf(model, version));
  }
}

const keyOf = (model: string, version: string): string => `${model}/${version}`;
