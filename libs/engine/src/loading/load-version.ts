import { setImmediate as turn } from 'node:timers/promises';
import { FeatureError, PredictionWriter, resolveFeatures, RowReader } from '#features';
import { ImageOptionsError, ImageReader } from '#images';
import { type Instance, Scheduler, type SchedulerObserver } from '#inference';
import { type Manifest, RepositoryError } from '#models';
import { ModelLoadError, OnnxSession, SessionPool } from '#onnx';
import { ModelVersion } from '../model-version.ts';
import { type BatchingPlan, planBatching } from './batching.ts';
import type { Cost } from './cost.ts';
import { exampleInputs } from './example-rows.ts';
import { type ExecutionPlan, LONGEST_INLINE_MS, planExecution, workersFor } from './execution.ts';
import { takesRows, warmUp } from './warm-up.ts';

const DEFAULT_MAX_QUEUED_BYTES = 64 * 2 ** 20;

/** What the settings say of every model; a manifest goes before them. */
export interface VersionOptions {
  /** Most rows of one request. */
  readonly maxRows: number;
  readonly maxBatchRows: number;
  readonly maxBatchWaitMs: number;
  /** Without it: by what runs cost, so that admitted requests do not wait long. */
  readonly maxQueuedRows?: number | undefined;
  /** Without it: 64 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  readonly execution: 'auto' | 'inline' | 'pool';
  readonly intraOpThreads: number;
  /** Without it: as many as the CPU limit allows. */
  readonly workers?: number | undefined;
}

export interface VersionSource {
  readonly name: string;
  readonly version: string;
  /** The .onnx file. */
  readonly path: string;
  readonly manifest: Manifest;
  /** What sentences about the manifest call it. */
  readonly manifestPath: string;
}

type Where = 'inline' | 'pool';
type Session = OnnxSession | SessionPool;

/** The settings, with what the manifest says in their place. */
interface Resolved {
  readonly where: 'auto' | Where;
  readonly intraOpThreads: number;
  readonly workers: number;
  readonly maxRows: number;
  readonly mostBatchRows: number;
  readonly maxBatchWaitMs: number;
  readonly maxQueuedRows: number | undefined;
  readonly maxQueuedBytes: number;
}

function resolve(
  { execution = {}, batching = {}, limits = {} }: Manifest,
  options: VersionOptions,
  cpus: number,
): Resolved {
  const intraOpThreads = execution.intraOpThreads ?? options.intraOpThreads;
  return {
    where: execution.where ?? options.execution,
    intraOpThreads,
    workers: execution.workers ?? options.workers ?? workersFor(cpus, intraOpThreads),
    maxRows: limits.maxRows ?? options.maxRows,
    mostBatchRows: batching.maxRows ?? options.maxBatchRows,
    maxBatchWaitMs: batching.maxWaitMs ?? options.maxBatchWaitMs,
    maxQueuedRows: limits.maxQueuedRows ?? options.maxQueuedRows,
    maxQueuedBytes: limits.maxQueuedBytes ?? options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES,
  };
}

/** Where a version is loaded. */
export interface LoadSurroundings {
  /** The CPUs that may be used. */
  readonly cpus: number;
  /** Where the model is tried: inline is quick; the pool keeps the event loop free while others are served. */
  readonly first: Where;
  /** Told of the version's runs. */
  readonly observer: SchedulerObserver | undefined;
}

/**
 * Loads a version: opens its file, compiles its features, warms it up, decides from what runs cost where they take
 * place, and proves batching. What it opened is closed again where anything fails.
 *
 * @throws RepositoryError saying what is wrong with the version, and what to do
 */
export async function loadVersion(
  source: VersionSource,
  options: VersionOptions,
  { cpus, first, observer }: LoadSurroundings,
): Promise<ModelVersion> {
  const loading = new Loading(source, resolve(source.manifest, options, cpus), cpus);
  try {
    return await loading.load(first, observer);
  } catch (error) {
    await loading.abandon();
    throw explain(source, error);
  }
}

/** One version on its way in. */
class Loading {
  readonly #source: VersionSource;
  readonly #settings: Resolved;
  readonly #cpus: number;
  #session: Session | undefined;

  constructor(source: VersionSource, settings: Resolved, cpus: number) {
    this.#source = source;
    this.#settings = settings;
    this.#cpus = cpus;
  }

  async load(first: Where, observer: SchedulerObserver | undefined): Promise<ModelVersion> {
    const { manifest, name, version } = this.#source;
    const { where, maxRows, maxBatchWaitMs } = this.#settings;
    const started = performance.now();
    const { signature, unservedOutputs } = await this.#open(where === 'auto' ? first : where);
    const features = resolveFeatures(manifest.features, signature);
    const reader = new RowReader(features, signature, { maxRows });
    const images = manifest.image && new ImageReader(manifest.image, signature, { maxRows });
    const writer = new PredictionWriter(signature, {
      ...manifest.outputs,
      ...(manifest.labels && { labels: manifest.labels }),
    });

    const opened = performance.now();
    const { cost, execution, batching } = await this.#try(reader);
    const session = this.#session!;
    const ended = performance.now();
    const timings = { loadMs: ended - started, warmupMs: ended - opened, msPerRow: cost?.msPerRow ?? {} };
    return new ModelVersion({
      ...{ name, version, manifest, signature, unservedOutputs, features, reader, images, writer, timings },
      scheduler: this.#scheduler(session, batching, observer),
      batching: { mode: batching.mode, reason: batching.reason, maxBatchRows: batching.maxBatchRows, maxBatchWaitMs },
      execution: {
        where: execution.where,
        workers: execution.workers,
        intraOpThreads: execution.intraOpThreads,
        reason: execution.reason,
      },
      dispose: () => session.close(),
    });
  }

  /** Closes what was opened. */
  async abandon(): Promise<void> {
    await this.#session?.close();
  }

  /** Runs the model, moves it to where it belongs, and finds out how its rows may share runs. */
  async #try(reader: RowReader): Promise<{ cost: Cost | undefined; execution: ExecutionPlan; batching: BatchingPlan }> {
    const { manifest, manifestPath } = this.#source;
    const { signature } = this.#session!;
    const mostRows = takesRows(signature) ? this.#settings.mostBatchRows : 1;
    const given = manifest.examples ?? [];
    const examples = exampleInputs(reader, given, manifestPath);
    const tried = await warmUp(this.#session!, signature, examples, given.length, mostRows);
    const { samples, cost } = this.#mayRunInline(tried.cost)
      ? await warmUp(await this.#open('inline'), signature, examples, given.length, mostRows)
      : tried;
    const execution = planExecution({ ...this.#settings, maxRows: mostRows }, cost, this.#cpus);
    const instance = courteous(await this.#open(execution.where));
    const batching = await planBatching({ manifest, signature, instance, cost }, samples, execution.maxRows);
    return { cost, execution, batching };
  }

  /** Whether what was tried in the pool turned out quick: what it costs without the way there shows on the event loop. */
  #mayRunInline(cost: Cost | undefined): boolean {
    return (
      this.#settings.where === 'auto' &&
      this.#session instanceof SessionPool &&
      cost !== undefined &&
      cost.ms(1) <= LONGEST_INLINE_MS
    );
  }

  /** The session in its place; one that is open elsewhere is closed once this one is open. */
  async #open(where: Where): Promise<Session> {
    const before = this.#session;
    if (before !== undefined && before instanceof (where === 'inline' ? OnnxSession : SessionPool)) return before;
    const { intraOpThreads, workers } = this.#settings;
    const { path } = this.#source;
    this.#session =
      where === 'inline'
        ? await OnnxSession.open(path, { intraOpThreads })
        : await SessionPool.open(path, { intraOpThreads, workers });
    await before?.close();
    return this.#session;
  }

  #scheduler(session: Session, batching: BatchingPlan, observer: SchedulerObserver | undefined): Scheduler {
    const { maxBatchWaitMs, maxQueuedRows, maxQueuedBytes } = this.#settings;
    return new Scheduler(session, {
      mode: batching.mode,
      maxBatchRows: batching.maxBatchRows,
      maxBatchWaitMs,
      maxQueuedRows: maxQueuedRows ?? batching.maxQueuedRows,
      maxQueuedLongRows: maxQueuedRows ?? batching.maxQueuedLongRows,
      // Who bounds the queue by hand means that bound.
      ...(maxQueuedRows === undefined && { aloneMs: batching.aloneMs }),
      maxQueuedBytes,
      ...(observer && { observer }),
    });
  }
}

/** While batching is proved, requests to other models have their turn of the event loop between two runs. */
function courteous(session: Session): Instance {
  return {
    concurrency: session.concurrency,
    async run(inputs, outputs) {
      await turn();
      return session.run(inputs, outputs);
    },
  };
}

function explain({ name, version, manifestPath }: VersionSource, error: unknown): RepositoryError {
  if (error instanceof RepositoryError) return error;
  if (error instanceof ModelLoadError) return new RepositoryError(error.message, { cause: error });
  if (error instanceof FeatureError || error instanceof ImageOptionsError)
    return new RepositoryError(`${manifestPath}: ${error.message}`, { cause: error });
  const { message } = error as Error;
  return new RepositoryError(`Version ${version} of ${name} failed while it was warmed up: ${message}`, {
    cause: error,
  });
}
