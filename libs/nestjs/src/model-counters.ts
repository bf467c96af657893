import { Registry } from 'prom-client';
import type { Engine, OpenOptions } from '#engine';
import { followEngine, ModelMetrics } from '#metrics';
import type { MetricsRegistry } from './prediction-options.ts';

/** What counts an application's predictions, and puts the figures into its registry. */
export interface ModelCounters {
  readonly options: Required<Pick<OpenOptions, 'observe' | 'answered'>>;
  readonly follow: (engine: Engine) => void;
  /** Takes the figures out of the registry again. */
  readonly end: () => void;
}

/** @param registry the application's */
export function countModels(registry: MetricsRegistry): ModelCounters {
  const own = new Registry();
  const metrics = new ModelMetrics(own);
  return {
    options: {
      observe: (name, version) => metrics.of(name, version),
      answered: ({ name, version, outcome, rows, seconds }) =>
        metrics.of(name, version).answered(outcome, rows, seconds),
    },
    follow: (engine) => {
      followEngine(engine, own, metrics);
      for (const metric of own.getMetricsAsArray()) registry.registerMetric(metric as never);
    },
    end: () => {
      for (const { name } of own.getMetricsAsArray()) registry.removeSingleMetric(name);
    },
  };
}
