export type { Batching } from './batching.ts';
export { type CpuLimit, cpuLimit, readCpuLimit } from './cpu-limit.ts';
export type { Execution } from './execution.ts';
export { parseManifest } from './manifest.ts';
export type { ImagePreprocessing, Manifest, ManifestFeature } from './manifest-type.ts';
export { ModelRepository, type RepositoryEvents, type RepositoryOptions } from './model-repository.ts';
export type { ModelVersion, Timings } from './model-version.ts';
export { RepositoryError } from './repository-error.ts';
export type { ModelStatus, Task, VersionState, VersionStatus } from './model-status.ts';
