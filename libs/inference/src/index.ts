export type { BatchingMode, Instance } from './instance.ts';
export type { Job, JobResult } from './job.ts';
export { defaultLimits, type Limits, type MeasuredRun } from './limits.ts';
export { type BatchingProof, proveBatching } from './proof.ts';
export { makeSamples } from './samples.ts';
export { Scheduler, type SchedulerObserver, type SchedulerOptions } from './scheduler.ts';
