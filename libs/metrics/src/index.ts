export { EngineFigures } from './engine-figures.ts';
export { Histogram } from './histogram.ts';
export { type Duration, ModelMetrics, type ModelRecorder } from './model-metrics.ts';
