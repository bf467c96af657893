import { parseExposition, type Sample } from './exposition.ts';
import { combine, EMPTY, type Histogram } from './histogram.ts';

/** What the server has counted for one version of a model since its start, and what waits now. */
export interface Figures {
  readonly requests: number;
  readonly failed: number;
  readonly rows: number;
  readonly queuedRows: number;
  readonly latency: Histogram;
  readonly batchRows: Histogram;
}

export interface ModelFigures extends Figures {
  readonly model: string;
  readonly version: string;
}

/** One look at `/metrics`. */
export interface Snapshot {
  /** When, in milliseconds of the page's clock. */
  readonly at: number;
  /** When the process that answered was started: another one counts from zero. */
  readonly process: number;
  readonly models: readonly ModelFigures[];
}

const COUNTERS = [
  'nestor_requests_total',
  'nestor_predictions_total',
  'nestor_queue_rows',
  'process_start_time_seconds',
  'nestor_model_info',
];
const HISTOGRAMS = ['nestor_request_duration_seconds', 'nestor_batch_rows'];
const WANTED = new Set([...COUNTERS, ...HISTOGRAMS.flatMap((name) => [`${name}_bucket`, `${name}_sum`])]);

/** Reads what the console shows out of Prometheus' text format. */
export function readSnapshot(text: string, at: number): Snapshot {
  const samples = parseExposition(text, (name) => WANTED.has(name));
  const byVersion = Map.groupBy(
    samples.filter(({ labels }) => labels['model'] !== undefined),
    ({ labels }) => `${labels['model']}/${labels['version']}`,
  );
  return {
    at,
    process: samples.find(({ name }) => name === 'process_start_time_seconds')?.value ?? 0,
    models: [...byVersion.values()].map(modelFigures),
  };
}

function modelFigures(samples: readonly Sample[]): ModelFigures {
  const sum = (name: string, counts = (_sample: Sample) => true): number =>
    samples.filter((sample) => sample.name === name && counts(sample)).reduce((whole, { value }) => whole + value, 0);
  const { model = '', version = '' } = samples[0]?.labels ?? {};
  return {
    ...{ model, version },
    requests: sum('nestor_requests_total'),
    failed: sum('nestor_requests_total', ({ labels }) => labels['outcome'] !== 'ok'),
    rows: sum('nestor_predictions_total'),
    queuedRows: sum('nestor_queue_rows'),
    latency: histogramOf(samples, 'nestor_request_duration_seconds'),
    batchRows: histogramOf(samples, 'nestor_batch_rows'),
  };
}

/** Prometheus counts what is up to each bound; told apart here, so that a bucket is a bar. */
function histogramOf(samples: readonly Sample[], name: string): Histogram {
  const buckets = samples
    .filter((sample) => sample.name === `${name}_bucket`)
    .map(({ labels, value }) => ({ bound: labels['le'] === '+Inf' ? Infinity : Number(labels['le']), value }))
    .sort((a, b) => a.bound - b.bound);
  return {
    bounds: buckets.map(({ bound }) => bound),
    counts: buckets.map(({ value }, at) => value - (buckets[at - 1]?.value ?? 0)),
    sum: samples.find((sample) => sample.name === `${name}_sum`)?.value ?? 0,
  };
}

/** The figures of a model's versions, or of all models, as one. */
export function figuresOf({ models }: Snapshot, model?: string): Figures {
  const none: Figures = { requests: 0, failed: 0, rows: 0, queuedRows: 0, latency: EMPTY, batchRows: EMPTY };
  return models
    .filter((one) => model === undefined || one.model === model)
    .reduce<Figures>(
      (all, one) => ({
        requests: all.requests + one.requests,
        failed: all.failed + one.failed,
        rows: all.rows + one.rows,
        queuedRows: all.queuedRows + one.queuedRows,
        latency: combine(all.latency, one.latency),
        batchRows: combine(all.batchRows, one.batchRows),
      }),
      none,
    );
}
