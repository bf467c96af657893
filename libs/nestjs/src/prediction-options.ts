import type { OpenOptions } from '#engine';

/** A registry of prom-client, as far as it is needed: whoever counts nothing need not have it installed. */
export interface MetricsRegistry {
  registerMetric(metric: never): void;
  removeSingleMetric(name: string): void;
}

/** Which models an application predicts with, and how. */
export interface PredictionOptions extends Omit<OpenOptions, 'observe' | 'answered'> {
  /** A folder of models, a model's folder, or an .onnx file. */
  readonly models: string;
  /** The application's registry of prom-client, for the figures of the models under the names that Nestor's server has. */
  readonly metrics?: MetricsRegistry;
}
