export { followEngine } from './follow-engine.ts';
export { Histogram } from './histogram.ts';
export { type Duration, ModelMetrics, type ModelRecorder } from './model-metrics.ts';
