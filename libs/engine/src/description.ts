import type { Feature } from '#features';
import type { Signature } from '#tensor';
import type { Batching } from './loading/batching.ts';
import type { Execution } from './loading/execution.ts';
import type { ModelStatus, VersionStatus } from './model-status.ts';
import type { ModelVersion, Timings } from './model-version.ts';
import type { RowsDecision } from './rows/rows-decision.ts';

export interface ModelSummary {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly task: string;
  readonly versions: readonly VersionStatus[];
  /** Why the model as a whole, or its latest change, cannot be served. */
  readonly reason?: string;
}

export interface VersionDescription {
  readonly version: string;
  /** Of the model file and its external data: which model it is that answers. */
  readonly digest: string;
  readonly signature: Signature;
  readonly rows: RowsDecision;
  readonly batching: Batching;
  readonly execution: Execution;
  readonly timings: Timings;
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

/** A model in short: an entry of a list. */
export function summariseModel({ name, title, description, task, versions, reason }: ModelStatus): ModelSummary {
  const said = { ...(title && { title }), ...(description && { description }) };
  return { name, ...said, task, versions, ...(reason !== undefined && { reason }) };
}

/** A model in full: the features and labels of its latest version, and each served version's signature and behaviour. */
export function describeModel(status: ModelStatus): ModelDescription {
  const { latest } = status;
  const { target, labels, image, examples } = latest?.manifest ?? {};
  return {
    ...summariseModel(status),
    features: latest?.features ?? [],
    ...(target && { target }),
    ...(labels && { labels }),
    ...(image && { image }),
    ...(examples && { examples }),
    served: status.served.map(describeVersion),
  };
}

function describeVersion(served: ModelVersion): VersionDescription {
  const { version, source, signature, rows, batching, execution, timings } = served;
  return { version, digest: source.digest, signature, rows, batching, execution, timings };
}
