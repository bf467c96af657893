import type { Duration, ModelRecorder } from '#metrics';

/** A count and the total duration in nanoseconds. */
export interface DurationStatistic {
  readonly count: number;
  readonly ns: number;
}

interface ComputeStatistics {
  readonly compute_input: DurationStatistic;
  readonly compute_infer: DurationStatistic;
  readonly compute_output: DurationStatistic;
}

export interface BatchStatistic extends ComputeStatistics {
  readonly batch_size: number;
}

export interface ModelStatistics {
  readonly name: string;
  readonly version: string;
  /** Milliseconds since the epoch; 0 if never. */
  readonly last_inference: number;
  /** Rows predicted. */
  readonly inference_count: number;
  /** Runs of the model. */
  readonly execution_count: number;
  readonly inference_stats: Readonly<
    Record<
      'success' | 'fail' | 'queue' | 'compute_input' | 'compute_infer' | 'compute_output' | 'cache_hit' | 'cache_miss',
      DurationStatistic
    >
  >;
  readonly batch_stats: readonly BatchStatistic[];
}

const NOTHING: DurationStatistic = { count: 0, ns: 0 };

/**
 * Counts a version's work since the start, over all protocols. A request's time runs from its arrival to the end of its
 * response. A run's time covers the model alone and counts once, however many requests share the run. Nestor does not
 * measure the copying of inputs and outputs. It still counts the copies, with the number of runs, because perf_analyzer
 * stops if the three counts differ. Nothing is cached.
 *
 * Source: triton-inference-server/server, docs/protocol/extension_statistics.md.
 */
export function modelStatistics(name: string, version: string, recorder: ModelRecorder): ModelStatistics {
  const batches = [...recorder.runs].sort(([a], [b]) => a - b);
  const runs = { count: sum(batches, ({ count }) => count), seconds: sum(batches, ({ seconds }) => seconds) };
  return {
    name,
    version,
    last_inference: recorder.lastAnswered,
    inference_count: recorder.rows,
    execution_count: runs.count,
    inference_stats: {
      success: statistic(recorder.succeeded),
      fail: statistic(recorder.failed),
      queue: statistic(recorder.waited),
      ...computeStatistics(runs),
      cache_hit: NOTHING,
      cache_miss: NOTHING,
    },
    batch_stats: batches.map(([rows, duration]) => ({
      batch_size: rows,
      ...computeStatistics(duration),
    })),
  };
}

function computeStatistics(runs: Pick<Duration, 'count' | 'seconds'>): ComputeStatistics {
  const copying = { count: runs.count, ns: 0 };
  return { compute_input: copying, compute_infer: statistic(runs), compute_output: copying };
}

function statistic({ count, seconds }: Pick<Duration, 'count' | 'seconds'>): DurationStatistic {
  return { count, ns: Math.round(seconds * 1e9) };
}

function sum(batches: readonly (readonly [number, Duration])[], of: (duration: Duration) => number): number {
  return batches.reduce((total, [, duration]) => total + of(duration), 0);
}
