import type { Registry } from 'prom-client';
import type { Engine } from '#engine';
import { exportModelInfo } from './model-info.ts';
import { ModelLoads } from './model-loads.ts';
import type { ModelMetrics } from './model-metrics.ts';
import { RetiredVersions } from './retired-versions.ts';

/**
 * What one registry shows of engines: the loads of their models, and what is served. It forgets the figures of versions that
 * are gone.
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

  /** @param engine before it loads anything, so that this is counted too */
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

  /** Shows nothing any more of what an engine serves. */
  leave(engine: Engine): void {
    this.#engines.delete(engine);
  }

  #retire(name: string, version: string): void {
    // What was reloaded, or failed to be, is still served.
    if (![...this.#engines].some((engine) => isServed(engine, name, version))) this.#retired.add(name, version);
  }
}

function isServed(models: Engine, name: string, version: string): boolean {
  return models.status().some((model) => model.name === name && model.served.some((one) => one.version === version));
}
