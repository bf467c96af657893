export { batchSize } from './batch-size.ts';
export { emptyDimensionsGuard } from './empty-dimensions.ts';
export type { Instance } from './instance.ts';
export type { Job, JobResult } from './job.ts';
export { type RowsTest, testRows } from './test-rows.ts';
export { RunCost } from './run-cost.ts';
export { makeSamples, mostInventedRows } from './samples.ts';
export { Scheduler } from './scheduler.ts';
export type { SchedulerObserver, SchedulerOptions } from './scheduler-options.ts';
