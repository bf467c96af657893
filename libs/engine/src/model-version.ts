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

/** How long loading took, and how long runs take. */
export interface Timings {
  /** From the opening of the file to being ready, warm-up included, in milliseconds. */
  readonly loadMs: number;
  /** The part of `loadMs` for runs that warm up the model, measure it and test batching. */
  readonly warmupMs: number;
  /** Milliseconds per row in runs of 1, 8 and 64 rows, as far as they were measured. */
  readonly msPerRow: Readonly<Record<number, number>>;
}

/** The parts that `loadVersion` creates from a model file and its manifest. */
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
  /** Reads pictures, if the manifest has an `image` block. */
  readonly images: ImageReader | undefined;
  readonly writer: PredictionWriter;
  /** Set for a text model. */
  readonly text: TextModel | undefined;
  /** Set for an object detector. */
  readonly detector: Detector | undefined;
  readonly scheduler: Scheduler;
  readonly limits: RequestLimits;
  /** What the first dimension is. All code uses this decision. */
  readonly rows: RowsDecision;
  readonly batching: Batching;
  readonly execution: Execution;
  readonly timings: Timings;
  /** Frees the session or the workers; called once, when nothing is running. */
  readonly dispose: () => Promise<void>;
}

/**
 * One loaded version of a model, ready to serve. A user must lease it first and release it afterwards, so that a
 * replaced version stays until its last request is done.
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
  /** Set for a text model. */
  readonly text: TextModel | undefined;
  /** Set for an object detector. */
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

  /** What the first dimension is. All code uses this decision. It may change once, see `separateRows`. */
  get rows(): RowsDecision {
    return this.#rows;
  }

  /** Makes each row run alone, after rows that seemed independent turned out to affect each other. */
  separateRows(reason: string): void {
    this.#rows = decided('one-by-one', 'watch', reason);
  }

  /** Where runs take place. It may change once, see `movedTo`. */
  get execution(): Execution {
    return this.#execution;
  }

  /** Records that runs now take place elsewhere. */
  movedTo(execution: Execution): void {
    this.#execution = execution;
  }

  /** The names of files that changed after loading while runs read from them. This version's answers may be wrong. */
  get changedFiles(): readonly string[] {
    return this.#changedFiles;
  }

  /** Records that files that runs read from have changed. */
  filesChanged(names: readonly string[]): void {
    this.#changedFiles = names;
  }

  /** The number of current leases. */
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

  /** Keeps the version loaded during the work. */
  async leased<Result>(work: () => Promise<Result>): Promise<Result> {
    this.lease();
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  /**
   * Reads rows in any form that the body of a request may have; for an image model, also a list of pictures.
   * @throws NestorError if the rows are invalid
   */
  async read(rows: unknown, gone: Caller['gone'] = PATIENT.gone): Promise<Rows> {
    const { images, reader } = this;
    const arePictures = images !== undefined && Array.isArray(rows) && isPicture(rows[0], this.features);
    return arePictures ? images.read(rows as PictureSource[], gone) : reader.read(rows);
  }

  /**
   * Reads the pictures in JSON, in any form (see `ImageReader.readRecords`); undefined if it has none, or the model
   * does not take pictures.
   * @throws NestorError if the pictures are invalid
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
   * Like `run`, but only the caller's deadline limits the wait.
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

  /**
   * Grants no more leases, waits for the last lease and for running work, and frees the memory. May be called again.
   */
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

/** Whether a row is a file, or an object with pixels, unless a feature has that name. */
function isPicture(row: unknown, features: readonly Feature[]): row is PictureSource {
  if (row instanceof Uint8Array) return true;
  return typeof row === 'object' && row !== null && 'pixels' in row && features.every(({ name }) => name !== 'pixels');
}
