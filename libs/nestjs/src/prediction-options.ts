import type { ClientOptions } from '#client';
import type { OpenOptions } from '#engine';

/** The used part of prom-client's registry: an application without metrics need not install prom-client. */
export interface MetricsRegistry {
  registerMetric(metric: never): void;
  removeSingleMetric(name: string): void;
}

/** Models that run in the application's own process. */
export interface LocalOptions extends Omit<OpenOptions, 'observe' | 'answered'> {
  /** A folder of models, a model's folder, or an .onnx file. */
  readonly models: string;
  /** The application's prom-client registry, for the models' metrics, under the names that Nestor's server uses. */
  readonly metrics?: MetricsRegistry;
}

/** Models of a Nestor server. */
export interface RemoteOptions extends ClientOptions {
  /** The server's URL, such as http://nestor:8080. */
  readonly remote: string;
}

/** Which models an application predicts with, and how. */
export type PredictionOptions = LocalOptions | RemoteOptions;
