import { listed, NestorError, quote } from '#errors';
import type { ServedModel } from './served-model.ts';

/** The default among several models, if none was set. */
const CUSTOMARY_DEFAULT = 'housing';

/** Finds the model of a request: the one that it names, or the default one. */
export class Routing {
  readonly #models = new Map<string, ServedModel>();
  readonly #wanted: string | undefined;
  #defaultModel: string | undefined;

  /** @param wanted the default model; if left out the only one, or else `housing`, or else none */
  constructor(wanted: string | undefined) {
    this.#wanted = wanted;
  }

  /** The model for requests that name none. */
  get defaultModel(): string | undefined {
    return this.#defaultModel;
  }

  get models(): readonly ServedModel[] {
    return [...this.#models.values()];
  }

  get anyServed(): boolean {
    return this.models.some((model) => model.served.length > 0);
  }

  /**
   * @param name the default model if left out
   * @throws NestorError UNKNOWN_MODEL
   */
  model(name = this.#defaultModel): ServedModel {
    if (name === undefined) {
      const wrong = 'Several models are served, and none is the default';
      throw new NestorError('UNKNOWN_MODEL', `${wrong}: name one of ${this.#names}, or have DEFAULT_MODEL set.`);
    }
    const model = this.#models.get(name);
    if (model !== undefined) return model;
    throw new NestorError('UNKNOWN_MODEL', `There is no model ${quote(name)}; there are: ${this.#names}.`);
  }

  /** The model with this name, if there is one. */
  find(name: string): ServedModel | undefined {
    return this.#models.get(name);
  }

  add(model: ServedModel): void {
    this.#models.set(model.name, model);
  }

  remove(model: ServedModel): void {
    this.#models.delete(model.name);
  }

  /** Keeps the default while its model exists, since a new model must not change the meaning of /predict. */
  settleDefault(): void {
    if (this.#defaultModel !== undefined && this.#models.has(this.#defaultModel)) return;
    const names = [...this.#models.keys()];
    const customary = names.find((name) => name === CUSTOMARY_DEFAULT);
    this.#defaultModel = this.#wanted ?? (names.length === 1 ? names[0] : customary);
  }

  get #names(): string {
    return listed([...this.#models.keys()]) || 'none';
  }
}
