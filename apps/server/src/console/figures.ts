import type { ModelStatus } from '#engine';
import type { Histogram, ModelMetrics } from '#metrics';

type Counts = ReturnType<Histogram['child']>;

/** Observations by size, without the empty buckets at the end. */
interface Buckets {
  readonly counts: readonly number[];
  readonly sum: number;
}

/** The counters of one version of a model since the start of this process, and its queue now. */
export interface ModelFigures {
  readonly model: string;
  readonly version: string;
  readonly requests: number;
  readonly failed: number;
  readonly rows: number;
  readonly queuedRows: number;
  readonly latency: Buckets;
  readonly batchRows: Buckets;
}

/** The metrics that the console shows. With many models, they take a fiftieth of the bytes of `/metrics`. */
export interface Figures {
  /** When this process started, in milliseconds since the epoch. A new process counts from zero. */
  readonly startedAt: number;
  /** The highest value of each bucket; one more bucket holds higher values. */
  readonly bounds: { readonly latency: readonly number[]; readonly batchRows: readonly number[] };
  readonly models: readonly ModelFigures[];
}

export function figuresOf(metrics: ModelMetrics, status: readonly ModelStatus[]): Figures {
  const queued = new Map(
    status.flatMap(({ served }) => served.map((one) => [`${one.name}/${one.version}`, one.scheduler.queuedRows])),
  );
  const all = [...metrics.all()];
  const { requestSeconds, batchRows } = all[0]?.recorder ?? {};
  return {
    startedAt: Math.round(performance.timeOrigin),
    bounds: { latency: requestSeconds?.bounds ?? [], batchRows: batchRows?.bounds ?? [] },
    models: all.map(({ labels: { model, version }, recorder }) => {
      const requests = [...recorder.outcomes.values()].reduce((sum, count) => sum + count, 0);
      return {
        ...{ model, version, requests, failed: requests - (recorder.outcomes.get('ok') ?? 0), rows: recorder.rows },
        queuedRows: queued.get(`${model}/${version}`) ?? 0,
        latency: bucketsOf(recorder.requestSeconds),
        batchRows: bucketsOf(recorder.batchRows),
      };
    }),
  };
}

function bucketsOf({ counts, sum }: Counts): Buckets {
  return { counts: [...counts.subarray(0, counts.findLastIndex((count) => count > 0) + 1)], sum };
}
