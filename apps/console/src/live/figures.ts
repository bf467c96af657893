import { requestJson } from '../api/request.ts';
import { combine, EMPTY, type Histogram } from './histogram.ts';

/** The server's counters for one version of a model since the start, and its queue now. */
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

/** The server's figures at one moment. */
export interface Snapshot {
  /** When, in milliseconds of the page's clock. */
  readonly at: number;
  /** The start time of the process that answered; another process counts from zero. */
  readonly process: number;
  readonly models: readonly ModelFigures[];
}

type Buckets = 'latency' | 'batchRows';

/** The answer of `GET /console/figures`. */
export interface FiguresAnswer {
  readonly startedAt: number;
  /** The highest value of each bucket; one more bucket holds higher values. */
  readonly bounds: Readonly<Record<Buckets, readonly number[]>>;
  /** Their histograms end at the last bucket that is not empty. */
  readonly models: readonly (Omit<ModelFigures, Buckets> & Readonly<Record<Buckets, Omit<Histogram, 'bounds'>>>)[];
}

export const look = async (): Promise<Snapshot> => snapshotOf(await requestJson('console/figures'), performance.now());

export function snapshotOf({ startedAt, bounds, models }: FiguresAnswer, at: number): Snapshot {
  const histogram = (name: Buckets, { counts, sum }: Omit<Histogram, 'bounds'>): Histogram => {
    const all = [...bounds[name], Infinity];
    return { bounds: all, counts: all.map((_bound, bucket) => counts[bucket] ?? 0), sum };
  };
  return {
    at,
    process: startedAt,
    models: models.map(({ latency, batchRows, ...figures }) => ({
      ...figures,
      latency: histogram('latency', latency),
      batchRows: histogram('batchRows', batchRows),
    })),
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
