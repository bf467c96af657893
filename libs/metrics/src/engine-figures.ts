import type { Registry } from 'prom-client';
import type { Engine } from '#engine';
import { exportModelInfo } from './model-info.ts';
import { ModelLoads } from './model-loads.ts';
import type { ModelMetrics } from './model-metrics.ts';
import { RetiredVersions } from './retired-versions.ts';

/**
 * The metrics of engines in one registry: the loads of their models, and the served versions. Drops the metrics of
 * versions that are gone.
 */
export class EngineFigures {
  readonly #engines = new Set<Engine>();
  readonly #loads: ModelLoads;
  readonly #retired: RetiredVersions;

  constructor(registry: Registry, metrics: ModelMetrics) {
    exportModelInfo(this.#engines, registry);
    this.#loads = new ModelLoads(registry);
    this.#retired = new RetiredVersions((name, version) => {
      metrics.forget(name, version);
      this.#loads.forget(name, version);
    });
  }

  /** @param engine one that has not loaded anything yet, so that its loads are counted */
  follow(engine: Engine): void {
    this.#engines.add(engine);
    engine.on('loaded', ({ name, version, loadMs }) => {
      this.#retired.remove(name, version);
      this.#loads.succeeded(name, version, loadMs / 1000);
    });
    engine.on('failed', ({ name, version }) => {
      this.#loads.failed(name, version);
      this.#retire(name, version);
    });
    engine.on('unloaded', ({ name, version }) => this.#retire(name, version));
  }

  /** Drops the metrics of an engine. */
  leave(engine: Engine): void {
    this.#engines.delete(engine);
  }

  #retire(name: string, version: string): void {
    // After a reload, even a failed one, the version is still served.
    if (![...this.#engines].some((engine) => isServed(engine, name, version))) this.#retired.add(name, version);
  }
}

function isServed(models: Engine, name: string, version: string): boolean {
  return models.status().some((model) => model.name === name && model.served.some((one) => one.version === version));
}
