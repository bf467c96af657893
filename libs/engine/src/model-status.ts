import type { Manifest } from '#models';
import type { ModelVersion } from './model-version.ts';

export type Task = NonNullable<Manifest['task']>;
export type VersionState = 'loading' | 'ready' | 'unloading' | 'failed';

export interface VersionStatus {
  readonly version: string;
  readonly state: VersionState;
  /** Why it failed; for a version that is ready, why its changed files could not be loaded. */
  readonly reason?: string;
}

/** The status of a model, served or not. */
export interface ModelStatus {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly task: Task;
  /** Every version that is served, should be served, or is being unloaded; highest first. */
  readonly versions: readonly VersionStatus[];
  /** The served versions, highest first. */
  readonly served: readonly ModelVersion[];
  /** The latest version, which serves requests that name none, and describes the model. */
  readonly latest: ModelVersion | undefined;
  /** Why the model as a whole, or its latest change, cannot be served. */
  readonly reason?: string;
  /** The model's folder on this machine, which callers must not see; undefined for a lone file. */
  readonly folder: string | undefined;
}

/** The model's task: the manifest's, or what the served version shows. */
export function taskOf(manifest: Manifest, served: ModelVersion | undefined): Task {
  if (manifest.task !== undefined) return manifest.task;
  if (served?.text !== undefined) return served.text.plan.task;
  // The manifest of the served version includes what the model's file shows.
  if (served?.manifest.task !== undefined) return served.manifest.task;
  if (manifest.image !== undefined) return 'image';
  if (manifest.labels !== undefined || served?.writer.classifies === true) return 'classification';
  return manifest.target === undefined ? 'tensor' : 'regression';
}

/** Which of these models cannot be served and why, one sentence each. */
export function brokenModels(models: readonly ModelStatus[]): string[] {
  return models.flatMap((model) => {
    const reasons = reasonsOf(model);
    return reasons.length === 0 ? [] : [`The model ${model.name} cannot be served: ${reasons.join(' ')}`];
  });
}

/** Everything that went wrong with a model, in sentences. */
function reasonsOf({ reason, versions }: ModelStatus): string[] {
  return [reason, ...versions.map((version) => version.reason)].filter((one) => one !== undefined);
}
