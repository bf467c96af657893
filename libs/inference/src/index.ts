export type { BatchingMode, Instance } from './instance.ts';
export type { Job, JobResult } from './job.ts';
export { defaultLimits, type Limits, type MeasuredRun } from './limits.ts';
export { type BatchingProof, proveBatching } from './proof.ts';
export { makeSamples } from './samples.ts';
export { Scheduler } from './scheduler.ts';
export type { SchedulerObserver, SchedulerOptions } from './scheduler-options.ts';
