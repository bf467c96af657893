import type { VNode } from 'preact';
import { listModels, type ModelSummary, type VersionState } from '../api/models.ts';
import { figuresOf } from '../live/figures.ts';
import { recent } from '../live/rates.ts';
import { RECENT_MS, useHistory } from '../live/use-history.ts';
import { formatCount, formatRate, formatSeconds } from '../parts/number.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { modelHref } from './route.ts';

const REFRESH_MS = 5000;

/** What is served, how it is, and how much it is asked. */
export function OverviewPage(): VNode {
  const { value, problem } = useLoaded('models', listModels, REFRESH_MS);
  return (
    <>
      <h1>Models</h1>
      <p class="lead">This server answers predictions of these models. Open one to try it.</p>
      {problem !== undefined && <ProblemBox problem={problem} />}
      {value?.models.length === 0 && <p>No model is served yet.</p>}
      <ul class="cards">
        {value?.models
          .toSorted((a, b) => Number(b.name === value.default) - Number(a.name === value.default))
          .map((model) => (
            <ModelCard key={model.name} model={model} isDefault={model.name === value.default} />
          ))}
      </ul>
    </>
  );
}

function ModelCard({ model, isDefault }: { readonly model: ModelSummary; readonly isDefault: boolean }): VNode {
  const { name, title, description, task, versions } = model;
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

/** The versions with their states; why one failed is said in words. */
export function Versions({ versions }: { readonly versions: readonly VersionState[] }): VNode {
  return (
    <ul class="versions">
      {versions.map(({ version, state, reason }) => (
        <li key={version} class={`state-${state}`}>
          version {version} {state}
          {reason !== undefined && <p class="quiet">{reason}</p>}
        </li>
      ))}
    </ul>
  );
}
