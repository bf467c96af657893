import { Gauge, type Registry } from 'prom-client';
import type { Engine, ModelStatus, ModelVersion } from '#engine';

const SHORT_DIGEST = 12;

/** As many digits as container tools show: enough to distinguish your models, and short in every sample. */
function shortDigest(digest: string): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + SHORT_DIGEST);
}

/** A metric with a number for each version. */
interface VersionFigure {
  readonly name: string;
  readonly help: string;
  readonly numberOf: (version: ModelVersion) => number;
}

/** Exports what is served and what waits. A scrape reads these metrics from the engines. */
export function exportModelInfo(engines: ReadonlySet<Engine>, registry: Registry): void {
  const status = (): readonly ModelStatus[] => [...engines].flatMap((engine) => engine.status());
  const served = (): readonly ModelVersion[] => status().flatMap((model) => model.served);
  const figure = (of: VersionFigure): void => exportOfVersions(served, registry, of);
  new Gauge({
    name: 'nestor_model_info',
    help: 'Always 1: a served version, the start of its digest, the kind of its rows and where it runs.',
    labelNames: ['model', 'version', 'digest', 'rows', 'rows_by', 'execution'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, version, source, rows, execution } of served()) {
        const digest = shortDigest(source.digest);
        const { kind, by } = rows;
        this.set({ model: name, version, digest, rows: kind, rows_by: by, execution: execution.where }, 1);
      }
    },
  });
  new Gauge({
    name: 'nestor_model_state',
    help: 'Always 1: the state of a version: loading, ready, unloading or failed.',
    labelNames: ['model', 'version', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, versions } of status()) {
        for (const { version, state } of versions) this.set({ model: name, version, state }, 1);
      }
    },
  });
  figure({
    name: 'nestor_model_workers',
    help: 'Worker threads of a version; 0 where it runs on the event loop.',
    numberOf: (version) => version.execution.workers,
  });
  figure({
    name: 'nestor_model_changed_files',
    help: 'Files of weights that changed after loading while runs read from them: predictions may be wrong.',
    numberOf: (version) => version.changedFiles.length,
  });
  figure({
    name: 'nestor_queue_rows',
    help: 'Rows that wait for their run.',
    numberOf: (version) => version.scheduler.queuedRows,
  });
  new Gauge({
    name: 'nestor_cpu_limit_cores',
    help: 'CPUs that the process may use, limited by its cgroup or the host.',
    registers: [registry],
    collect() {
      for (const { cpuLimit } of engines) this.set(cpuLimit.cpus);
    },
  });
}

/** Exports a number for each served version. */
function exportOfVersions(
  served: () => readonly ModelVersion[],
  registry: Registry,
  { name, help, numberOf }: VersionFigure,
): void {
  new Gauge({
    name,
    help,
    labelNames: ['model', 'version'],
    registers: [registry],
    collect() {
      this.reset();
      for (const one of served()) this.set({ model: one.name, version: one.version }, numberOf(one));
    },
  });
}
