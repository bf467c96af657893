import { FeatureError, PredictionWriter, resolveFeatures, RowReader } from '#features';
import { Scheduler, type SchedulerObserver } from '#inference';
import { ModelLoadError, OnnxSession, SessionPool } from '#onnx';
import { planBatching } from './batching.ts';
import { exampleInputs } from './example-rows.ts';
import { planExecution, workersFor } from './execution.ts';
import type { Manifest } from './manifest-type.ts';
import { ModelVersion } from './model-version.ts';
import { RepositoryError } from './repository-error.ts';
import { takesRows, warmUp } from './warm-up.ts';

const DEFAULT_MAX_QUEUED_BYTES = 256 * 2 ** 20;

/** What the settings say of every model; a manifest goes before them. */
export interface VersionOptions {
  readonly maxRows: number;
  readonly maxBatchRows: number;
  readonly maxBatchWaitMs: number;
  /** Without it: by what runs cost, so that admitted requests do not wait long. */
  readonly maxQueuedRows?: number | undefined;
  /** Without it: 256 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  readonly execution: 'auto' | 'inline' | 'pool';
  readonly intraOpThreads: number;
  /** Without it: as many as the CPU limit allows. */
  readonly workers?: number | undefined;
  readonly observe?: ((name: string, version: string) => SchedulerObserver) | undefined;
}

export interface VersionSource {
  readonly name: string;
  readonly version: string;
  /** The .onnx file. */
  readonly path: string;
  readonly manifest: Manifest;
  readonly manifestPath: string;
}

type Session = OnnxSession | SessionPool;

/**
 * Loads a version: opens its file, compiles its features, warms it up, decides from what runs cost where they take
 * place, and proves batching. What it opened is closed again where anything fails.
 *
 * @param cpus the CPUs that may be used
 * @param first where the model is tried: inline is quick; the pool keeps the event loop free while others are served
 * @throws RepositoryError saying what is wrong with the version, and what to do
 */
export async function loadVersion(source: VersionSource, options: VersionOptions, cpus: number, first: 'inline' | 'pool'): Promise<ModelVersion> {
  const open: Session[] = [];
  try {
    return await load(source, options, cpus, first, open);
  } catch (error) {
    await Promise.all(open.map((session) => session.close()));
    throw explain(source, error);
  }
}

async function load(source: VersionSource, options: VersionOptions, cpus: number, first: 'inline' | 'pool', open: Session[]): Promise<ModelVersion> {
  const started = performance.now();
  const { name, version, path, manifest } = source;
  const openSession = async (where: 'inline' | 'pool', workers: number): Promise<Session> => {
    const session = where === 'inline' ? await OnnxSession.open(path, { intraOpThreads }) : await SessionPool.open(path, { intraOpThreads, workers });
    open.push(session);
    return session;
  };
  const intraOpThreads = manifest.execution?.intraOpThreads ?? options.intraOpThreads;
  const asked = manifest.execution?.where ?? options.execution;
  const workers = manifest.execution?.workers ?? options.workers;
  const tried = asked === 'auto' ? first : asked;

  let session = await openSession(tried, asked === 'pool' ? (workers ?? workersFor(cpus, intraOpThreads)) : 1);
  const { signature } = session;
  const features = resolveFeatures(manifest.features, signature);
  const reader = new RowReader(features, signature, { maxRows: manifest.limits?.maxRows ?? options.maxRows });
  const writer = new PredictionWriter(signature, { ...manifest.outputs, ...(manifest.labels && { labels: manifest.labels }) });

  const opened = performance.now();
  const most = takesRows(signature) ? (manifest.batching?.maxRows ?? options.maxBatchRows) : 1;
  const given = manifest.examples ?? [];
  const { samples, cost } = await warmUp(session, signature, exampleInputs(reader, given, source.manifestPath), given.length, most);
  const plan = planExecution({ where: asked, intraOpThreads, workers, maxRows: most }, cost, cpus);
  if (plan.where !== tried || (plan.where === 'pool' && plan.workers !== session.concurrency)) {
    const replacement = await openSession(plan.where, plan.workers);
    await session.close();
    session = replacement;
  }
  const batching = await planBatching({ manifest, signature, instance: session, cost }, samples, plan.maxRows);
  const ended = performance.now();

  const { mode, reason, maxBatchRows } = batching;
  const maxBatchWaitMs = manifest.batching?.maxWaitMs ?? options.maxBatchWaitMs;
  const observer = options.observe?.(name, version);
  const scheduler = new Scheduler(session, {
    mode,
    maxBatchRows,
    maxBatchWaitMs,
    maxQueuedRows: manifest.limits?.maxQueuedRows ?? options.maxQueuedRows ?? batching.maxQueuedRows,
    maxQueuedBytes: manifest.limits?.maxQueuedBytes ?? options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES,
    ...(observer && { observer }),
  });
  const { maxRows: _, ...execution } = plan;
  return new ModelVersion({
    name, version, manifest, signature, features, reader, writer, scheduler, execution,
    unservedOutputs: session.unservedOutputs,
    batching: { mode, reason, maxBatchRows, maxBatchWaitMs },
    timings: { loadMs: ended - started, warmupMs: ended - opened, msPerRow: cost?.msPerRow ?? {} },
    dispose: () => session.close(),
  });
}

function explain({ name, version, manifestPath }: VersionSource, error: unknown): RepositoryError {
  if (error instanceof RepositoryError) return error;
  if (error instanceof ModelLoadError) return new RepositoryError(error.message, { cause: error });
  if (error instanceof FeatureError) return new RepositoryError(`${manifestPath}: ${error.message}`, { cause: error });
  return new RepositoryError(`Version ${version} of ${name} failed while it was warmed up: ${(error as Error).message}`, { cause: error });
}
