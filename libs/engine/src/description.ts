import type { Feature, Member, OutputKind } from '#features';
import type { Signature } from '#tensor';
import type { TextPlan } from '#text';
import type { Batching } from './loading/batching.ts';
import type { Execution } from './loading/execution.ts';
import type { ModelStatus, VersionStatus } from './model-status.ts';
import type { ModelVersion, Timings } from './model-version.ts';
import type { RowsDecision } from './rows/rows-decision.ts';
import type { TextModel } from './text/text-model.ts';

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
  /** The digest of the model file and its external data. */
  readonly digest: string;
  readonly signature: Signature;
  /** Outputs of the model that cannot be served, and why. */
  readonly unservedOutputs?: readonly { readonly name: string; readonly reason: string }[];
  /** Files of weights that changed after loading while runs read from them; the version's answers may be wrong. */
  readonly changedFiles?: readonly string[];
  readonly rows: RowsDecision;
  readonly batching: Batching;
  readonly execution: Execution;
  readonly timings: Timings;
}

/** A member of an answer. */
export interface OutputDescription {
  readonly key: string;
  readonly as: OutputKind;
  /** The model's output; without it, the prediction is derived from the classes. */
  readonly from?: string;
  readonly labels?: readonly (string | number)[];
  readonly title?: string;
  readonly unit?: string;
}

/** Why an output is not served, for people. */
export const UNSERVED =
  'It is a sequence or a map, which ONNX Runtime cannot pass to Node: end the graph in a tensor, and export it again.';

export interface ModelDescription extends ModelSummary {
  readonly features: readonly Feature[];
  readonly target?: unknown;
  /** The members of an answer, the prediction first. */
  readonly outputs?: readonly OutputDescription[];
  readonly labels?: readonly (string | number)[];
  /** How a picture becomes the model's input, if it takes pictures. */
  readonly image?: unknown;
  /** How the outputs become objects in a picture, if it detects objects. */
  readonly detection?: unknown;
  /** How texts are read and what the answer is, for a text model. */
  readonly text?: TextDescription;
  readonly examples?: readonly unknown[];
  readonly served: readonly VersionDescription[];
}

/** A text model's configuration, from its folder and its manifest. */
export interface TextDescription extends Omit<TextPlan, 'output' | 'labels'> {
  /** The model's output that the answers are made of. */
  readonly output: string;
  readonly labels?: readonly string[];
  /** The length of an embedding. */
  readonly width?: number;
}

/** A model in short: an entry of a list. */
export function summariseModel({ name, title, description, task, versions, reason }: ModelStatus): ModelSummary {
  const said = { ...(title && { title }), ...(description && { description }) };
  return { name, ...said, task, versions, ...(reason !== undefined && { reason }) };
}

/** A model in full: its latest version's features and labels, and each served version's signature and behaviour. */
export function describeModel(status: ModelStatus): ModelDescription {
  const { latest } = status;
  const { target, image, examples } = latest?.manifest ?? {};
  const labels = latest?.writer.labels;
  return {
    ...summariseModel(status),
    features: latest?.features ?? [],
    ...(target && { target }),
    ...(latest && { outputs: latest.writer.members.map(describeOutput) }),
    ...(labels && { labels }),
    ...(image && { image }),
    ...(latest?.detector && { detection: latest.detector.options }),
    ...(latest?.text && { text: describeText(latest.text) }),
    ...(examples && { examples }),
    served: status.served.map(describeVersion),
  };
}

/** A text model's configuration, for people. */
export function describeText({ plan: { output, labels, ...plan }, width }: TextModel): TextDescription {
  const isEmbedding = plan.task === 'text-embedding';
  return { ...plan, output: output.name, ...(labels && { labels }), ...(isEmbedding && { width }) };
}

function describeVersion(served: ModelVersion): VersionDescription {
  const { version, source, signature, unservedOutputs, changedFiles, rows, batching, execution, timings } = served;
  const unserved = unservedOutputs.map((output) => ({ name: output, reason: UNSERVED }));
  const said = { version, digest: source.digest, signature, ...(unserved.length > 0 && { unservedOutputs: unserved }) };
  return { ...said, ...(changedFiles.length > 0 && { changedFiles }), rows, batching, execution, timings };
}

/** A description of a member of the answers, for people. */
export function describeOutput({ key, output }: Member): OutputDescription {
  const { spec, kind, labels, title, unit } = output ?? {};
  return {
    ...{ key, as: output === undefined ? 'label' : kind! },
    ...(spec && { from: spec.name }),
    ...(labels && { labels }),
    ...(title !== undefined && { title }),
    ...(unit !== undefined && { unit }),
  };
}
