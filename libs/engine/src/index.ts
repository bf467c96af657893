export { describeModel, type ModelDescription, type ModelSummary, summariseModel } from './description.ts';
export { Engine, type EngineEvents, type EngineOptions } from './engine.ts';
export type { Batching } from './loading/batching.ts';
export { type CpuLimit, readCpuLimit } from './loading/cpu-limit.ts';
export type { Execution } from './loading/execution.ts';
export type { ModelStatus, Task, VersionState, VersionStatus } from './model-status.ts';
export type { ModelVersion, Timings } from './model-version.ts';
export { RepositoryWatcher, type WatcherOptions } from './repository-watcher.ts';
