/** Enough for the last counts of what is gone to be scraped, also where several versions go at once. */
const KEPT = 16;

interface Version {
  readonly model: string;
  readonly version: string;
}

/**
 * Unloaded versions whose figures are still kept. Only the last few are: a model that is deployed anew
 * every hour would leave its series behind for ever.
 */
export class RetiredVersions {
  /** The first to go is the first to be forgotten. */
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

  /** It is served again. */
  remove(model: string, version: string): void {
    this.#retired.delete(keyOf(model, version));
  }
}

const keyOf = (model: string, version: string): string => `${model}/${version}`;
