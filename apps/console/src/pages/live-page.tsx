import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { type Bar, BarChart } from '../charts/bar-chart.tsx';
import { type Line, LineChart } from '../charts/line-chart.tsx';
import type { Histogram } from '../live/histogram.ts';
import { batchesOf, type Rates, series } from '../live/rates.ts';
import { INTERVAL_MS, KEPT, useHistory } from '../live/use-history.ts';
import { formatCount, formatRate, formatSeconds } from '../parts/number.ts';
import { ProblemBox } from '../parts/problem-box.tsx';

/** The server's load over the last five minutes while this page was open. */
export function LivePage(): VNode {
  const { snapshots, problem } = useHistory();
  const [model, setModel] = useState<string>();
  const names = [...new Set(snapshots.at(-1)?.models.map((one) => one.model))].sort();
  return (
    <>
      <div class="row live-head">
        <h1 class="grow">Live</h1>
        <label>
          Show{' '}
          <select value={model ?? ''} onChange={({ currentTarget }) => setModel(currentTarget.value || undefined)}>
            <option value="">all models</option>
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      {problem !== undefined && <ProblemBox problem={problem} />}
      <Charts rates={series(snapshots, model)} batches={batchesOf(snapshots, model)} />
      <p class="quiet">
        The figures are those of <a href="metrics">/metrics</a>, read every two seconds while this page is visible.
        Latencies are estimates from histograms. Behind a load balancer, each reading is from a single server.
      </p>
    </>
  );
}

function Charts({ rates, batches }: { readonly rates: readonly Rates[]; readonly batches: Histogram }): VNode {
  const line = (name: string, value: (one: Rates) => number | undefined): Line => ({ name, values: rates.map(value) });
  const time = spanOf(rates.length);
  return (
    <div class="charts">
      <LineChart
        title="Requests per second"
        lines={[line('all', (one) => one.requestsPerSecond), line('failed', (one) => one.failedPerSecond)]}
        format={formatRate}
        {...time}
      />
      <LineChart
        title="Latency"
        lines={[line('p50', (one) => one.p50), line('p99', (one) => one.p99)]}
        format={formatSeconds}
        {...time}
      />
      <LineChart
        title="Rows per second"
        lines={[line('rows', (one) => one.rowsPerSecond)]}
        format={formatRate}
        {...time}
      />
      <LineChart
        title="Rows waiting"
        lines={[line('waiting', (one) => one.queuedRows)]}
        format={formatCount}
        {...time}
      />
      <LineChart
        title="Rows per batch"
        lines={[line('mean', (one) => one.rowsPerBatch)]}
        format={formatRate}
        {...time}
      />
      <BarChart title="Batch sizes" bars={batchBars(batches)} />
    </div>
  );
}

/** The time that the charts show: one, two or five minutes, whichever is enough for the history. */
function spanOf(looks: number): { readonly steps: number; readonly span: string } {
  const minutes = [1, 2].find((candidate) => looks * INTERVAL_MS <= candidate * 60_000);
  return minutes === undefined
    ? { steps: KEPT - 1, span: '5 min' }
    : { steps: (minutes * 60_000) / INTERVAL_MS, span: `${minutes} min` };
}

/** One bar per bucket, up to the largest batch. */
function batchBars({ bounds, counts }: Histogram): Bar[] {
  const end = Math.max(4, counts.findLastIndex((count) => count > 0) + 1);
  return counts.slice(0, end).map((count, at) => {
    const [low, high] = [(bounds[at - 1] ?? 0) + 1, bounds[at]!];
    return { count, label: high === Infinity ? `${low}+` : low === high ? String(low) : `${low}–${high}` };
  });
}
