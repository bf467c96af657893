import { Counter, type Registry } from 'prom-client';
import type { SchedulerObserver } from '#inference';
import { Histogram, type HistogramChild } from './histogram.ts';

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const RUN_SECONDS = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, ...SECONDS];
const ROWS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** How often something happened, and how long it took in total. */
export class Duration {
  count = 0;
  seconds = 0;

  add(seconds: number): void {
    this.count += 1;
    this.seconds += seconds;
  }
}

/** The counters of one version of a model. */
export class ModelRecorder implements SchedulerObserver {
  /** Rows of successful requests. */
  rows = 0;
  /** Requests by outcome: `ok` or the error's code. */
  readonly outcomes = new Map<string, number>();
  /** When a request was last answered, in milliseconds since the epoch; 0 for never. */
  lastAnswered = 0;
  readonly succeeded = new Duration();
  readonly failed = new Duration();
  readonly waited = new Duration();
  /** Runs by their numbers of rows. */
  readonly runs = new Map<number, Duration>();

  constructor(
    /** By the time in the server. */
    readonly requestSeconds: HistogramChild,
    private readonly waitSeconds: HistogramChild,
    private readonly inferenceSeconds: HistogramChild,
    readonly batchRows: HistogramChild,
  ) {}

  batchRun(rows: number, seconds: number): void {
    this.batchRows.observe(rows);
    this.inferenceSeconds.observe(seconds);
    let runs = this.runs.get(rows);
    if (runs === undefined) this.runs.set(rows, (runs = new Duration()));
    runs.add(seconds);
  }

  jobWaited(seconds: number): void {
    this.waitSeconds.observe(seconds);
    this.waited.add(seconds);
  }

  /** Counts a request that was answered after `seconds` in the server. */
  answered(outcome: string, rows: number, seconds: number): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (outcome === 'ok') this.rows += rows;
    (outcome === 'ok' ? this.succeeded : this.failed).add(seconds);
    this.lastAnswered = Date.now();
    this.requestSeconds.observe(seconds);
  }
}

/** The metrics of each model and version. Label values come from the repository, so that their number is bounded. */
export class ModelMetrics {
  private readonly recorders = new Map<
    string,
    { labels: { model: string; version: string }; recorder: ModelRecorder }
  >();
  private readonly requestSeconds = new Histogram(
    'nestor_request_duration_seconds',
    'Time from the arrival of a prediction request to the end of its response, by model and version.',
    SECONDS,
  );
  private readonly waitSeconds = new Histogram(
    'nestor_queue_wait_seconds',
    'Time that a request waited before its first rows ran.',
    RUN_SECONDS,
  );
  private readonly inferenceSeconds = new Histogram(
    'nestor_inference_duration_seconds',
    'Time that ONNX Runtime took for one batch.',
    RUN_SECONDS,
  );
  private readonly batchRows = new Histogram('nestor_batch_rows', 'Rows in one batch.', ROWS);

  private readonly histograms = [this.requestSeconds, this.waitSeconds, this.inferenceSeconds, this.batchRows];

  constructor(registry: Registry) {
    for (const histogram of this.histograms) registry.registerMetric(histogram.asMetric());
    this.exportCounters(registry);
  }

  /** The recorder of a model's version, created if there is none. */
  of(model: string, version: string): ModelRecorder {
    const key = `${model}/${version}`;
    let entry = this.recorders.get(key);
    if (entry === undefined) {
      const labels = { model, version };
      const recorder = new ModelRecorder(
        this.requestSeconds.child(labels),
        this.waitSeconds.child(labels),
        this.inferenceSeconds.child(labels),
        this.batchRows.child(labels),
      );
      entry = { labels, recorder };
      this.recorders.set(key, entry);
    }
    return entry.recorder;
  }

  /** Every version that is or was served, with its counters. */
  all(): Iterable<{
    readonly labels: { readonly model: string; readonly version: string };
    readonly recorder: ModelRecorder;
  }> {
    return this.recorders.values();
  }

  /** Drops the metrics of a version that is gone. */
  forget(model: string, version: string): void {
    for (const histogram of this.histograms) histogram.remove({ model, version });
    this.recorders.delete(`${model}/${version}`);
  }

  /** Counters are plain numbers. A scrape passes them to prom-client. */
  private exportCounters(registry: Registry): void {
    const { recorders } = this;
    new Counter({
      name: 'nestor_requests_total',
      help: 'Prediction requests by model, version and outcome: ok, or the code of the error.',
      labelNames: ['model', 'version', 'outcome'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, recorder } of recorders.values()) {
          for (const [outcome, count] of recorder.outcomes) this.inc({ ...labels, outcome }, count);
        }
      },
    });
    new Counter({
      name: 'nestor_predictions_total',
      help: 'Rows predicted, by model and version.',
      labelNames: ['model', 'version'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, recorder } of recorders.values()) this.inc(labels, recorder.rows);
      },
    });
  }
}
