export { defineModel, type ModelType, type ModelTypeParts } from './model-type.ts';
export { type Prediction, predictionsOf } from './prediction.ts';
export { predictMany } from './predict-many.ts';
export type { CallOptions, Predictor, RowStream, RunCallOptions } from './predictor.ts';
export type { StandardSchema } from './standard-schema.ts';
export { stubPredictor } from './stub-predictor.ts';
