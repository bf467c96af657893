import type { VNode } from 'preact';
import { formatCount } from '../parts/number.ts';

export interface Bar {
  /** What is counted, such as "17 to 32". */
  readonly label: string;
  readonly count: number;
}

interface BarChartProps {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** The texts under the first and the last bar; without them, every bar has its label under it. */
  readonly ends?: readonly [string, string];
}

/** Vertical bars, for counts by size. Each has a tooltip; a screen reader reads them as a list. */
export function BarChart({ title, bars, ends }: BarChartProps): VNode {
  const highest = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <ul class="bars">
        {bars.map(({ label, count }) => (
          <li key={label} title={`${label}: ${formatCount(count)}`}>
            <span class="bar" style={{ height: `${(count / highest) * 100}%` }} />
            <span class={ends === undefined ? 'bar-label' : 'unseen'}>
              {label}
              <span class="unseen">: {formatCount(count)}</span>
            </span>
          </li>
        ))}
      </ul>
      {ends !== undefined && (
        <div class="bar-ends" aria-hidden="true">
          <span>{ends[0]}</span>
          <span>{ends[1]}</span>
        </div>
      )}
    </figure>
  );
}
