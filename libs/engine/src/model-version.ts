import type { Detector } from '#detections';
import type { Feature, PredictionWriter, Predictions, RowReader, Rows } from '#features';
import type { ImageReader, PictureSource } from '#images';
import type { JobResult, Scheduler } from '#inference';
import { NestorError } from '#errors';
import type { Manifest } from '#models';
import type { ModelSource } from '#onnx';
import type { Signature } from '#tensor';
import type { Batching } from './loading/batching.ts';
import type { Execution } from './loading/execution.ts';
import { cutsTensors, decided, type RowsDecision } from './rows/rows-decision.ts';
import { type Caller, PATIENT, type RequestLimits, type Run } from './request.ts';
import { runApart, singleRows } from './rows/run-apart.ts';
import { runTexts } from './text/run-texts.ts';
import type { ReadText, TextModel } from './text/text-model.ts';

/** How long loading took, and what runs cost. */
export interface Timings {
  /** From the opening of the file to being ready, warm-up included, in milliseconds. */
  readonly loadMs: number;
  /** The part of `loadMs` in which the model was run to warm it up, to measure it and to prove batching. */
  readonly warmupMs: number;
  /** Milliseconds a row in runs of 1, 8 and 64 rows, as far as they were measured. */
  readonly msPerRow: Readonly<Record<number, number>>;
}

/** Everything that `loadVersion` made of a model file and its manifest. */
export interface ModelVersionParts {
  readonly name: string;
  readonly version: string;
  readonly manifest: Manifest;
  /** What it was loaded from. */
  readonly source: ModelSource;
  readonly signature: Signature;
  /** Outputs that the model has and that cannot be returned: sequences and maps. */
  readonly unservedOutputs: readonly string[];
  readonly features: readonly Feature[];
  readonly reader: RowReader;
  /** Reads pictures, where the manifest has an `image` block. */
  readonly images: ImageReader | undefined;
  readonly writer: PredictionWriter;
  /** What makes the model one of texts. */
  readonly text: TextModel | undefined;
  /** What makes the model one that detects objects. */
  readonly detector: Detector | undefined;
  readonly scheduler: Scheduler;
  readonly limits: RequestLimits;
  /** What the first dimension is: the one notion of rows, which everything reads. */
  readonly rows: RowsDecision;
  readonly batching: Batching;
  readonly execution: Execution;
  readonly timings: Timings;
  /** Frees the session or the workers; called once, when nothing runs any more. */
  readonly dispose: () => Promise<void>;
}

/**
 * One loaded version of a model, ready to serve. Whoever uses it leases it first and releases it after, so that a
 * version that was replaced lives until its last request has left.
 */
export class ModelVersion {
  readonly name: string;
  readonly version: string;
  readonly manifest: Manifest;
  /** What it was loaded from. */
  readonly source: ModelSource;
  readonly signature: Signature;
  /** Outputs that the model has and that cannot be returned: sequences and maps. */
  readonly unservedOutputs: readonly string[];
  readonly features: readonly Feature[];
  readonly reader: RowReader;
  /** Reads pictures; undefined for a model without an `image` block in its manifest. */
  readonly images: ImageReader | undefined;
  readonly writer: PredictionWriter;
  /** What makes the model one of texts; undefined for others. */
  readonly text: TextModel | undefined;
  /** What makes the model one that detects objects; undefined for others. */
  readonly detector: Detector | undefined;
  readonly scheduler: Scheduler;
  readonly limits: RequestLimits;
  readonly batching: Batching;
  readonly timings: Timings;
  #rows: RowsDecision;
  #execution: Execution;
  readonly #dispose: () => Promise<void>;
  #changedFiles: readonly string[] = [];
  #leases = 0;
  #lastLeaseReleased: (() => void) | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: ModelVersionParts) {
    this.name = parts.name;
    this.version = parts.version;
    this.manifest = parts.manifest;
    this.source = parts.source;
    this.signature = parts.signature;
    this.unservedOutputs = parts.unservedOutputs;
    this.features = parts.features;
    this.reader = parts.reader;
    this.images = parts.images;
    this.writer = parts.writer;
    this.text = parts.text;
    this.detector = parts.detector;
    this.scheduler = parts.scheduler;
    this.limits = parts.limits;
    this.#rows = parts.rows;
    this.batching = parts.batching;
    this.#execution = parts.execution;
    this.timings = parts.timings;
    this.#dispose = parts.dispose;
  }

  /** What the first dimension is: the one notion of rows, which everything reads. It may change once, see `separateRows`. */
  get rows(): RowsDecision {
    return this.#rows;
  }

  /** Rows that were taken for independent turned out to affect each other: from now on each runs alone. */
  separateRows(reason: string): void {
    this.#rows = decided('one-by-one', 'watch', reason);
  }

  /** Where runs take place. It may change once, see `movedTo`. */
  get execution(): Execution {
    return this.#execution;
  }

  /** Runs take place elsewhere from now on. */
  movedTo(execution: Execution): void {
    this.#execution = execution;
  }

  /** The names of files that runs read from and that changed after they were loaded: what this version answers is uncertain. */
  get changedFiles(): readonly string[] {
    return this.#changedFiles;
  }

  /** Files that runs read from have changed. */
  filesChanged(names: readonly string[]): void {
    this.#changedFiles = names;
  }

  /** Uses of this version that are under way. */
  get leases(): number {
    return this.#leases;
  }

  /**
   * Keeps the version loaded until `release`.
   * @throws NestorError MODEL_NOT_READY while it is being unloaded: ask the engine for the version again.
   */
  lease(): void {
    if (this.#closed !== undefined) {
      throw new NestorError('MODEL_NOT_READY', `Version ${this.version} of ${this.name} is being unloaded.`, {
        retryAfterSeconds: 1,
      });
    }
    this.#leases += 1;
  }

  /** Ends one lease. */
  release(): void {
    if (this.#leases === 0)
      throw new Error(`Version ${this.version} of ${this.name} was released more often than it was leased.`);
    this.#leases -= 1;
    if (this.#leases === 0) this.#lastLeaseReleased?.();
  }

  /** Keeps the version loaded while something is done with it. */
  async leased<Result>(work: () => Promise<Result>): Promise<Result> {
    this.lease();
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  /**
   * Rows in any form that the body of a request may have; of an image model, a list of pictures too.
   * @throws NestorError what is wrong with them
   */
  async read(rows: unknown, gone: Caller['gone'] = PATIENT.gone): Promise<Rows> {
    const { images, reader } = this;
    const arePictures = images !== undefined && Array.isArray(rows) && isPicture(rows[0], this.features);
    return arePictures ? images.read(rows as PictureSource[], gone) : reader.read(rows);
  }

  /**
   * The pictures that JSON holds, in any of their forms (see `ImageReader.readRecords`); undefined where it holds none, or the
   * model takes none.
   * @throws NestorError what is wrong with them
   */
  readPictures(json: unknown, gone: Caller['gone']): Promise<Rows> | undefined {
    return this.images?.readRecords(json, new Set(this.features.map(({ name }) => name)), gone);
  }

  /**
   * Predicts rows (see `read`) for a caller who holds a lease.
   * @throws NestorError as `read` and `run` do
   */
  async predict(rows: unknown, caller: Caller = PATIENT): Promise<Predictions> {
    const read = await this.read(rows, caller.gone);
    const { inputs, groups, count, asSent } = read;
    const run = { inputs, groups, rows: count, asSent, outputs: this.writer.outputs };
    const { outputs } = await this.run(run, caller);
    const predictions = this.writer.values(outputs, read);
    return { ...predictions, warnings: [...read.warnings, ...predictions.warnings] };
  }

  /**
   * Runs the model for a caller who holds a lease. Gives up when the deadline passes, or if the caller has left before
   * the rows have started.
   *
   * @throws NestorError QUEUE_FULL, DEADLINE_EXCEEDED, CANCELLED, INPUT_REFUSED, MODEL_FAILED
   */
  run(run: Run, { timeoutMs, gone }: Caller = PATIENT): Promise<JobResult> {
    return this.runBy(run, performance.now() + Math.min(timeoutMs, this.limits.timeoutMs), gone);
  }

  /**
   * As `run`, for a caller who waits until a time of their own, however long that is.
   * @param deadline on the clock of `performance.now()`
   */
  runBy(run: Run, deadline: number, gone: Caller['gone']): Promise<JobResult> {
    const { inputs, rows, groups, asSent, texts } = run;
    const { text, detector } = this;
    if (text !== undefined) return this.#runTexts(text, texts ?? text.read(inputs, rows, gone), deadline, gone);
    const whole = run.whole === true || this.rows.kind === 'none' || (asSent === true && !cutsTensors(this.rows));
    const job = { inputs, rows, whole, asSent, outputs: run.outputs, deadline, gone };
    const isOneByOne = detector !== undefined && asSent !== true && rows > 1 && this.rows.kind !== 'independent';
    const apart = isOneByOne ? singleRows(inputs, rows, groups) : groups;
    if (apart === undefined) return this.scheduler.submit(job);
    const hasRows = isOneByOne ? detector.hasRows : this.rows.kind !== 'none';
    const answer = { hasRows, areLists: detector !== undefined };
    return runApart(apart, answer, (group, isFurther) =>
      this.scheduler.submit({ ...job, inputs: group.inputs, rows: group.rows.length, isFurther }),
    );
  }

  async #runTexts(
    text: TextModel,
    read: readonly ReadText[] | Promise<readonly ReadText[]>,
    deadline: number,
    gone: Caller['gone'],
  ): Promise<JobResult> {
    const whole = this.rows.kind !== 'independent';
    return runTexts(text, await read, gone, {
      maxBatchTokens: this.batching.maxBatchTokens!,
      concurrency: this.execution.workers || 1,
      submit: (inputs, isGivenUp, isFurther) =>
        this.scheduler.submit({
          ...{ inputs, rows: 1, whole, outputs: [text.output] },
          ...{ deadline, gone: isGivenUp, isFurther },
        }),
    });
  }

  /** Grants no more leases, waits for the last lease and for running work, and frees the memory. May be called again. */
  close(): Promise<void> {
    this.#closed ??= this.#closeAfterLastLease();
    return this.#closed;
  }

  async #closeAfterLastLease(): Promise<void> {
    if (this.#leases > 0) await new Promise<void>((resolve) => (this.#lastLeaseReleased = resolve));
    await this.scheduler.idle();
    this.scheduler.close();
    await this.#dispose();
  }
}

/** A file, or pixels where no feature is called that. */
function isPicture(row: unknown, features: readonly Feature[]): row is PictureSource {
  if (row instanceof Uint8Array) return true;
  return typeof row === 'object' && row !== null && 'pixels' in row && features.every(({ name }) => name !== 'pixels');
}
