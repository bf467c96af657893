import type { VNode } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { Target } from '../api/models.ts';
import { BarChart } from '../charts/bar-chart.tsx';
import { ShareList } from '../charts/share-list.tsx';
import { issueText } from '../parts/issue-text.ts';
import { formatCount, formatNumber, formatPercent, formatQuantity } from '../parts/number.ts';
import { ComparisonView } from './comparison-view.tsx';
import type { Labelled } from './labelling.ts';
import { RowsTable } from './rows-table.tsx';
import { histogramBars, type Tally } from './tally.ts';

const SHOWN_LABELS = 12;

interface LabelledViewProps {
  readonly labelled: Labelled;
  readonly fileName: string;
  /** The column with the actual values. */
  readonly actual: string | undefined;
  readonly target: Target | undefined;
}

/** The result: the labelled file to download, the distribution of the predictions, and the first rows. */
export function LabelledView({ labelled, fileName, actual, target }: LabelledViewProps): VNode {
  const { csv, rows, faulty, faults, header, sample, added, tally, share, verdict } = labelled;
  const isPart = share < 1;
  const url = useMemo(() => URL.createObjectURL(csv), [csv]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return (
    <>
      <section class="panel" aria-label="Labelled file">
        <div class="row">
          <p role="status" class="grow">
            <strong>
              {formatCount(rows - faulty)} of {formatCount(rows)} rows labelled
            </strong>
            {isPart && ' so far. The rest of the file has no labels yet.'}
          </p>
          <a
            class="button primary"
            href={url}
            download={fileName.replace(/(\.[^.]*)?$/, isPart ? '-labelled-in-part.csv' : '-labelled.csv')}
          >
            {isPart ? 'Download this part' : 'Download'}
          </a>
        </div>
        {faulty > 0 && (
          <div class="notice notice-warning">
            <strong>{faulty === 1 ? 'One row has' : `${formatCount(faulty)} rows have`} no label</strong>
            <ul>
              {faults.map(({ row, why }) => (
                <li key={row}>
                  Row {row}: {issueText(why)}
                </li>
              ))}
            </ul>
            <p class="quiet">
              Row 1 is the header, as in a spreadsheet. The column “error” gives the reason for each row.
            </p>
          </div>
        )}
        <Spread tally={tally} target={target} />
      </section>
      {verdict !== undefined && actual !== undefined && (
        <ComparisonView verdict={verdict} column={actual} unit={target?.unit} />
      )}
      <section class="panel" aria-label="First labelled rows">
        <RowsTable caption="The first rows, labelled" header={header} rows={sample} added={added} />
      </section>
    </>
  );
}

/** The distribution of the predictions: a histogram of numbers, or a count of each label. */
function Spread({ tally, target }: { readonly tally: Tally; readonly target: Target | undefined }): VNode | null {
  const sorted = useMemo(() => tally.sortedNumbers(), [tally]);
  const name = target?.title ?? target?.name ?? 'Prediction';
  if (sorted !== undefined) {
    const bars = histogramBars(sorted);
    const median = sorted[Math.floor(sorted.length / 2)]!;
    const [low, high] = [sorted[0]!, sorted.at(-1)!];
    if (low === high)
      return (
        <p>
          {name}: <strong>{formatQuantity(low, target?.unit)}</strong> in every row.
        </p>
      );
    return (
      <>
        <BarChart
          title={`${name}${target?.unit === undefined ? '' : `, in ${target.unit}`}`}
          bars={bars}
          ends={[bars[0]!.label.split(' to ')[0]!, bars.at(-1)!.label.split(' to ')[1]!]}
        />
        <p class="quiet">
          From {formatNumber(low)} to {formatNumber(high)}; the median is {formatQuantity(median, target?.unit)}.
        </p>
      </>
    );
  }
  const labels = [...tally.labels].sort(([, a], [, b]) => b - a);
  if (labels.length === 0) return null;
  const total = labels.reduce((sum, [, count]) => sum + count, 0);
  return (
    <figure class="chart">
      <figcaption>{name}</figcaption>
      <ShareList
        shares={labels.slice(0, SHOWN_LABELS).map(([label, count]) => ({
          label,
          share: count / total,
          text: `${formatCount(count)} (${formatPercent(count / total)})`,
        }))}
        more={Math.max(0, labels.length - SHOWN_LABELS)}
      />
    </figure>
  );
}
