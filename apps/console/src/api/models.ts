import { requestJson } from './request.ts';

/** The tasks that the console treats differently; models may have others. */
export type Task = 'regression' | 'classification' | 'image' | 'text-embedding' | 'tensor' | (string & {});

export interface VersionState {
  readonly version: string;
  readonly state: 'loading' | 'ready' | 'unloading' | 'failed';
  readonly reason?: string;
}

/** An entry of `GET /models`. */
export interface ModelSummary {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly task: Task;
  readonly versions: readonly VersionState[];
  /** Why the model as a whole, or its latest change, cannot be served. */
  readonly reason?: string;
}

export interface Feature {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly type: 'number' | 'integer' | 'boolean' | 'string';
  /** The shape of its value in one row; [] is a scalar, -1 a dimension of any size. */
  readonly shape: readonly number[];
  /** Whether it is the model's only input and its columns have no names: a table's columns then count by position. */
  readonly byPosition?: boolean;
  readonly range?: readonly [number, number];
  readonly seen?: readonly [number, number];
  readonly categories?: readonly (string | number | boolean)[];
  readonly seenCategories?: readonly (string | number | boolean)[];
  readonly default?: unknown;
  readonly missing?: boolean;
  readonly example?: unknown;
}

export interface Target {
  readonly name?: string;
  readonly title?: string;
  readonly unit?: string;
}

interface TensorSpec {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

export interface ServedVersion {
  readonly version: string;
  readonly signature: { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] };
  readonly unservedOutputs?: readonly { readonly name: string; readonly reason: string }[];
  readonly rows: { readonly kind: string; readonly by: string; readonly reason: string };
  readonly batching: {
    readonly maxBatchRows: number;
    readonly maxBatchWaitMs: number;
  };
  readonly execution: { readonly where: string; readonly reason: string; readonly workers: number };
  readonly timings: {
    readonly loadMs: number;
    readonly warmupMs: number;
    readonly msPerRow: Readonly<Record<string, number>>;
  };
}

/** A member of an answer. */
export interface Output {
  readonly key: string;
  readonly as: 'label' | 'probabilities' | 'scores' | 'value' | 'embedding' | 'entities' | 'detections' | 'state';
  /** The model's output; without it, the prediction is derived from the classes. */
  readonly from?: string;
  readonly title?: string;
  readonly unit?: string;
}

/** The answer of `GET /models/{name}`. */
export interface ModelDescription extends ModelSummary {
  readonly features: readonly Feature[];
  readonly target?: Target;
  readonly outputs?: readonly Output[];
  readonly labels?: readonly (string | number)[];
  /** How a picture becomes the model's input, if it takes pictures. */
  readonly image?: { readonly width: number; readonly height: number; readonly channels?: 1 | 3 };
  readonly examples?: readonly Readonly<Record<string, unknown>>[];
  readonly served: readonly ServedVersion[];
}

/** Whether predictions are labels, even if they look like numbers. */
export const isLabelled = ({ task, outputs: [first, ...others] = [] }: ModelDescription): boolean =>
  task === 'classification' || first?.as === 'label' || others.some(({ as }) => as === 'probabilities');

export interface ModelList {
  readonly default: string | null;
  readonly models: readonly ModelSummary[];
}

export const listModels = (): Promise<ModelList> => requestJson('models');

export const describeModel = (name: string): Promise<ModelDescription> =>
  requestJson(`models/${encodeURIComponent(name)}`);

/** The model's card, as HTML that the server made from Markdown; null without one. */
export const cardOf = async (name: string): Promise<string | null> =>
  (await requestJson<{ readonly html: string | null }>(`console/models/${encodeURIComponent(name)}/card`)).html;

/** The path for predictions of a model; without a version, of its latest version. */
export function predictPath(name: string, version?: string): string {
  const model = `models/${encodeURIComponent(name)}`;
  return version === undefined ? `${model}/predict` : `${model}/versions/${version}/predict`;
}
