import { Registry } from 'prom-client';
import type { Engine, OpenOptions } from '#engine';
import { EngineFigures, ModelMetrics } from '#metrics';
import type { MetricsRegistry } from './prediction-options.ts';

/** Counts an application's predictions, and puts the figures into its registry. */
export class ModelCounters {
  /** One for each registry: a registry holds one metric of a name. */
  static readonly #all = new WeakMap<MetricsRegistry, ModelCounters>();

  readonly options: Required<Pick<OpenOptions, 'observe' | 'answered'>>;
  readonly #own = new Registry();
  readonly #figures: EngineFigures;
  readonly #registry: MetricsRegistry;
  #engines = 0;

  /** @param registry the application's */
  static of(registry: MetricsRegistry): ModelCounters {
    let counters = ModelCounters.#all.get(registry);
    if (counters === undefined) ModelCounters.#all.set(registry, (counters = new ModelCounters(registry)));
    return counters;
  }

  private constructor(registry: MetricsRegistry) {
    const metrics = new ModelMetrics(this.#own);
    this.#registry = registry;
    this.#figures = new EngineFigures(this.#own, metrics);
    this.options = {
      observe: (name, version) => metrics.of(name, version),
      answered: ({ name, version, outcome, rows, seconds }) =>
        metrics.of(name, version).answered(outcome, rows, seconds),
    };
  }

  follow(engine: Engine): void {
    this.#figures.follow(engine);
    this.#engines += 1;
    if (this.#engines > 1) return;
    for (const metric of this.#own.getMetricsAsArray()) this.#registry.registerMetric(metric as never);
  }

  /** After the last engine, removes the metrics from the registry; later engines count from zero. */
  leave(engine: Engine): void {
    this.#figures.leave(engine);
    this.#engines -= 1;
    if (this.#engines > 0) return;
    ModelCounters.#all.delete(this.#registry);
    for (const { name } of this.#own.getMetricsAsArray()) this.#registry.removeSingleMetric(name);
  }
}
