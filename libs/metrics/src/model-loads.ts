import { Counter, Gauge, type Registry } from 'prom-client';

/** Counts successful and failed loads of models, and records how long the last one took. */
export class ModelLoads {
  private readonly loads: Counter;
  private readonly seconds: Gauge;

  constructor(registry: Registry) {
    this.loads = new Counter({
      name: 'nestor_model_loads_total',
      help: 'Loads and reloads of a version, by outcome: ok or failed.',
      labelNames: ['model', 'version', 'outcome'],
      registers: [registry],
    });
    this.seconds = new Gauge({
      name: 'nestor_model_load_seconds',
      help: 'Time that the last load of a version took, including the warm-up and the tests of batching.',
      labelNames: ['model', 'version'],
      registers: [registry],
    });
  }

  succeeded(model: string, version: string, seconds: number): void {
    this.loads.inc({ model, version, outcome: 'ok' });
    this.seconds.set({ model, version }, seconds);
  }

  failed(model: string, version: string): void {
    this.loads.inc({ model, version, outcome: 'failed' });
  }

  /** Drops the metrics of a version that is gone. */
  forget(model: string, version: string): void {
    for (const outcome of ['ok', 'failed']) this.loads.remove({ model, version, outcome });
    this.seconds.remove({ model, version });
  }
}
