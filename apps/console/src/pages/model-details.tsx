import type { ComponentChildren, VNode } from 'preact';
import type { ModelDescription, ServedVersion } from '../api/models.ts';
import { formatSeconds } from '../parts/number.ts';

/** What the server learned about a model when it loaded it. */
export function ModelDetails({ model }: { readonly model: ModelDescription }): VNode {
  return (
    <div class="stack">
      {model.served.map((version) => (
        <VersionDetails key={version.version} served={version} />
      ))}
      <p class="quiet">
        As JSON: <a href={`models/${encodeURIComponent(model.name)}`}>/models/{model.name}</a>
      </p>
    </div>
  );
}

function VersionDetails({ served }: { readonly served: ServedVersion }): VNode {
  const { version, signature, unservedOutputs = [], rows, batching, execution, timings } = served;
  const perRow = Object.entries(timings.msPerRow).map(
    ([rows, ms]) => `${formatSeconds(ms / 1000)} (${rows === '1' ? 'alone' : `in batches of ${rows}`})`,
  );
  return (
    <section class="panel" aria-label={`Version ${version}`}>
      <h2>Version {version}</h2>
      <dl class="details">
        <Detail term="Inputs">{signature.inputs.map(tensor)}</Detail>
        <Detail term="Outputs">{signature.outputs.map(tensor)}</Detail>
        {unservedOutputs.length > 0 && <Detail term="Not served">{unservedOutputs.map(unserved)}</Detail>}
        <Detail term="Rows">
          <p>{rows.kind}</p>
          <p class="quiet">{rows.reason}</p>
        </Detail>
        <Detail term="Batch size">{batching.maxBatchRows}</Detail>
        <Detail term="Execution">
          <p>{execution.where === 'pool' ? `in ${execution.workers} worker threads` : 'on the event loop'}</p>
          <p class="quiet">{execution.reason}</p>
        </Detail>
        {perRow.length > 0 && <Detail term="Time per row">{perRow.join(', ')}</Detail>}
        <Detail term="Loaded in">
          {formatSeconds(timings.loadMs / 1000)}, {formatSeconds(timings.warmupMs / 1000)} of it for the warm-up
        </Detail>
      </dl>
    </section>
  );
}

const tensor = ({ name, datatype, shape }: ServedVersion['signature']['inputs'][number]): VNode => (
  <p key={name}>
    <code>{name}</code> {datatype} [{shape.map((size) => (size === -1 ? 'any' : size)).join(', ')}]
  </p>
);

const unserved = ({ name, reason }: NonNullable<ServedVersion['unservedOutputs']>[number]): VNode => (
  <p key={name}>
    <code>{name}</code> <span class="quiet">{reason}</span>
  </p>
);

function Detail({ term, children }: { readonly term: string; readonly children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
