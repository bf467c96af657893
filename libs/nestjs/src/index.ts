export { PredictionErrorFilter } from './prediction-error.filter.ts';
export type { LocalOptions, PredictionOptions, RemoteOptions } from './prediction-options.ts';
export { PredictionModule } from './prediction.module.ts';
export { getPredictorToken, InjectPredictor, type ModelReference } from './predictor-token.ts';
export { type ModelHealth, Predictors } from './predictors.ts';
