import type { VNode } from 'preact';
import { formatCount, formatPercent, formatQuantity } from '../parts/number.ts';
import type { Verdict } from './comparison.ts';

interface ComparisonViewProps {
  readonly verdict: Verdict;
  /** The column with the actual values. */
  readonly column: string;
  readonly unit: string | undefined;
}

/** Predicted against actual. */
export function ComparisonView({ verdict, column, unit }: ComparisonViewProps): VNode {
  const rows = `${formatCount(verdict.rows)} ${verdict.rows === 1 ? 'row' : 'rows'}`;
  return (
    <section class="panel" aria-label="Predicted against actual">
      <h2>
        Predicted against <code>{column}</code>
      </h2>
      {verdict.kind === 'numbers' ? (
        <dl class="details">
          <div>
            <dt>Mean absolute error</dt>
            <dd>{formatQuantity(verdict.meanError, unit)}</dd>
          </div>
          <div>
            <dt>Root mean square error</dt>
            <dd>{formatQuantity(verdict.rootError, unit)}</dd>
          </div>
          <div>
            <dt>Over</dt>
            <dd>{rows}</dd>
          </div>
        </dl>
      ) : (
        <>
          <p>
            <strong>{formatPercent(verdict.right / verdict.rows)}</strong> right: {formatCount(verdict.right)} of {rows}
            .
          </p>
          <Confusion verdict={verdict} />
        </>
      )}
    </section>
  );
}

function Confusion({ verdict }: { readonly verdict: Extract<Verdict, { kind: 'labels' }> }): VNode {
  const { labels, count } = verdict;
  return (
    <div class="table" role="region" aria-label="Confusion matrix" tabIndex={0}>
      <table class="confusion">
        <caption>Rows: actual labels. Columns: predicted labels.</caption>
        <thead>
          <tr>
            <th scope="col">actual</th>
            {labels.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((actual) => (
            <tr key={actual}>
              <th scope="row">{actual}</th>
              {labels.map((predicted) => (
                <td key={predicted} class={actual === predicted ? 'added' : ''}>
                  {formatCount(count(actual, predicted))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
