export {
  describeOutput,
  describeText,
  type ModelDescription,
  type ModelSummary,
  type OutputDescription,
  type TextDescription,
  summariseModel,
  UNSERVED,
} from './description.ts';
export { Engine, type EngineOptions } from './engine.ts';
export {
  type ExpectedInput,
  type CollectedInputs,
  type InferTarget,
  InputCollector,
  targetOf,
} from './input-collector.ts';
export type { Batching } from './loading/batching.ts';
export { type CpuLimit, readCpuLimit } from './loading/cpu-limit.ts';
export type { Execution } from './loading/execution.ts';
export { memoryLimit } from './loading/memory-limit.ts';
export type { AnsweredCall, OpenOptions } from './library/open-options.ts';
export { openEngine, openModel, openModels, type OpenModelsOptions } from './library/open-models.ts';
export { type OpenedModel, OpenedModels } from './library/opened-models.ts';
export { DEFAULT_QUEUE_MS, type VersionOptions } from './loading/version-options.ts';
export { MappedFiles } from './mapped-files.ts';
export type { ModelEvents } from './model-events.ts';
export { brokenModels, type ModelStatus, type Task, type VersionState, type VersionStatus } from './model-status.ts';
export type { ModelVersion, Timings } from './model-version.ts';
export { RepositoryWatcher, type WatcherOptions } from './repository-watcher.ts';
export type { Caller, Outputs, Prediction, PredictOptions, RequestLimits, Run, RunOptions } from './request.ts';
export type { GivenText, ReadText, TextModel } from './text/text-model.ts';
export { cutsTensors, type DecidedBy, type RowsDecision } from './rows/rows-decision.ts';
