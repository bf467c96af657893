import type { Feature } from '#features';
import type { ModelStatus, ModelVersion } from '#engine';
import type { Signature } from '#tensor';

export interface ModelSummary {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly task: string;
  readonly versions: ModelStatus['versions'];
}

export interface VersionDescription {
  readonly version: string;
  readonly signature: Signature;
  readonly batching: ModelVersion['batching'];
  readonly execution: ModelVersion['execution'];
  readonly timings: ModelVersion['timings'];
}

export interface ModelDescription extends ModelSummary {
  readonly features: readonly Feature[];
  readonly target?: unknown;
  readonly labels?: readonly (string | number)[];
  /** How a picture becomes the model's input, where it takes pictures. */
  readonly image?: unknown;
  readonly examples?: readonly unknown[];
  readonly served: readonly VersionDescription[];
}

/** A model as one entry of `GET /models`. */
export function summariseModel({ name, title, description, task, versions }: ModelStatus): ModelSummary {
  return { name, ...(title && { title }), ...(description && { description }), task, versions };
}

/** A model as `GET /models/{name}` shows it: its features and labels, and each served version's signature and behaviour. */
export function describeModel(status: ModelStatus): ModelDescription {
  const newest = status.served.at(-1);
  const { target, labels, image, examples } = newest?.manifest ?? {};
  return {
    ...summariseModel(status),
    features: newest?.features ?? [],
    ...(target && { target }),
    ...(labels && { labels }),
    ...(image && { image }),
    ...(examples && { examples }),
    served: status.served.map(describeVersion),
  };
}

function describeVersion({ version, signature, batching, execution, timings }: ModelVersion): VersionDescription {
  return { version, signature, batching, execution, timings };
}
