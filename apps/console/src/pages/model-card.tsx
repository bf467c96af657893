import type { VNode } from 'preact';
import type { ModelSummary } from '../api/models.ts';
import { figuresOf } from '../live/figures.ts';
import { recent } from '../live/rates.ts';
import { RECENT_MS, useHistory } from '../live/use-history.ts';
import { formatCount, formatRate, formatSeconds } from '../parts/number.ts';
import { modelHref } from './route.ts';
import { Versions } from './versions.tsx';

interface ModelCardProps {
  readonly model: ModelSummary;
  readonly isDefault: boolean;
}

/** A model in the overview: its description, state and load. */
export function ModelCard({ model, isDefault }: ModelCardProps): VNode {
  const { name, title, description, task, versions } = model;
  const [reason] = [model.reason, ...versions.map((version) => version.reason)].filter((one) => one !== undefined);
  const { snapshots } = useHistory();
  const rates = recent(snapshots, name, RECENT_MS);
  const last = snapshots.at(-1);
  const figures: [string, string][] = [
    ['requests/s', rates === undefined ? '–' : formatRate(rates.requestsPerSecond)],
    ['p99 latency', rates?.p99 === undefined ? '–' : formatSeconds(rates.p99)],
    ['rows so far', last === undefined ? '–' : formatCount(figuresOf(last, name).rows)],
  ];
  return (
    <li class="panel card">
      <h2>
        <a href={modelHref(name)}>{title ?? name}</a>
      </h2>
      <p class="tags">
        <code>{name}</code>
        <span>{task}</span>
        {isDefault && <span>default</span>}
      </p>
      {description !== undefined && <p class="grow">{description}</p>}
      <Versions versions={versions} />
      {reason !== undefined && <p class="failure">{reason}</p>}
      <dl class="figures">
        {figures.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}
