import type { EventEmitter } from 'node:events';
import type { Feature } from '#features';
import { RepositoryError } from '#models';
import type { ModelType, Prediction, Predictor } from '#predictor';
import type { Engine } from '../engine.ts';
import type { ModelEvents } from '../model-events.ts';
import { brokenModels } from '../model-status.ts';
import { LocalPredictor } from './local-predictor.ts';
import type { OpenOptions } from './open-options.ts';

/** Models that are open in this process, until they are closed. */
export class OpenedModels {
  readonly #engine: Engine;
  readonly #answered: OpenOptions['answered'];

  /** @internal */
  constructor(engine: Engine, answered: OpenOptions['answered']) {
    this.#engine = engine;
    this.#answered = answered;
  }

  /** The names of all models found. */
  get names(): string[] {
    return this.#engine.status().map(({ name }) => name);
  }

  /**
   * One of these models, to predict with.
   * @throws PredictionError UNKNOWN_MODEL; RepositoryError if it cannot be loaded, or its features differ from its
   * type's
   */
  predictor<Row, Answer>(model: ModelType<Row, Answer>): Predictor<Row, Answer>;
  predictor(name: string): Predictor;
  predictor(model: ModelType | string): Predictor {
    const status = this.#engine.statusOf(typeof model === 'string' ? model : model.name);
    const broken = brokenModels([status]);
    if (status.latest === undefined && broken.length > 0) throw new RepositoryError(broken.join('\n'));
    if (typeof model !== 'string') requireFeatures(model, status.latest?.features ?? []);
    return new LocalPredictor(this.#engine, status.name, this.#answered);
  }

  on<Event extends keyof ModelEvents>(event: Event, listener: (told: ModelEvents[Event]) => void): this {
    listenTo(this.#engine, event, listener);
    return this;
  }

  /** Opens what is on disk now. A model that fails emits an event, and its open versions keep answering. */
  refresh(): Promise<void> {
    return this.#engine.refresh();
  }

  /** Answers what is under way, and frees all memory and threads. May be called again. */
  close(): Promise<void> {
    return this.#engine.close();
  }
}

/** One model that is open in this process, until it is closed. */
export class OpenedModel<Row = unknown, Answer = Prediction> extends LocalPredictor<Row, Answer> {
  readonly #engine: Engine;

  /** @internal */
  constructor(engine: Engine, name: string, answered: OpenOptions['answered']) {
    super(engine, name, answered);
    this.#engine = engine;
  }

  on<Event extends keyof ModelEvents>(event: Event, listener: (told: ModelEvents[Event]) => void): this {
    listenTo(this.#engine, event, listener);
    return this;
  }

  /** Opens what is on disk now. A model that fails emits an event, and its open versions keep answering. */
  refresh(): Promise<void> {
    return this.#engine.refresh();
  }

  /** Answers what is under way, and frees all memory and threads. May be called again. */
  close(): Promise<void> {
    return this.#engine.close();
  }
}

/** The type that the compiler knows must match the loaded model. */
function requireFeatures({ name, features }: ModelType, served: readonly Feature[]): void {
  const [expected, found] = [features, served].map(inWords);
  if (expected === found) return;
  const wrong = `The model ${name} takes ${found}; its type is for one that takes ${expected}.`;
  throw new RepositoryError(`${wrong} Run nestor types again.`);
}

const inWords = (features: readonly Feature[]): string =>
  features.map(({ name, type, shape }) => `${name} (${[type, ...shape].join(' ')})`).join(', ');

function listenTo<Event extends keyof ModelEvents>(
  engine: Engine,
  event: Event,
  listener: (told: ModelEvents[Event]) => void,
): void {
  (engine as unknown as EventEmitter).on(event, listener);
}
