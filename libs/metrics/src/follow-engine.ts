import type { Registry } from 'prom-client';
import type { Engine } from '#engine';
import { exportModelInfo } from './model-info.ts';
import { ModelLoads } from './model-loads.ts';
import type { ModelMetrics } from './model-metrics.ts';
import { RetiredVersions } from './retired-versions.ts';

/** Counts the loads of an engine's models, shows what is served, and forgets the figures of versions that are gone. */
export function followEngine(models: Engine, registry: Registry, metrics: ModelMetrics): void {
  exportModelInfo(models, registry);
  const loads = new ModelLoads(registry);
  const retired = new RetiredVersions((name, version) => {
    metrics.forget(name, version);
    loads.forget(name, version);
  });
  const retire = (name: string, version: string): void => {
    // What was reloaded, or failed to be, is still served.
    if (!isServed(models, name, version)) retired.add(name, version);
  };
  models.on('loaded', ({ name, version, loadMs }) => {
    retired.remove(name, version);
    loads.succeeded(name, version, loadMs / 1000);
  });
  models.on('failed', ({ name, version }) => {
    loads.failed(name, version);
    retire(name, version);
  });
  models.on('unloaded', ({ name, version }) => retire(name, version));
}

function isServed(models: Engine, name: string, version: string): boolean {
  return models.status().some((model) => model.name === name && model.served.some((one) => one.version === version));
}
