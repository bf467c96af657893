export { type Call, withSpan } from './call-span.ts';
export { defineModel, type ModelType, type ModelTypeParts } from './model-type.ts';
export { type AnswerWith, type OutputOf, withOutputs } from './outputs.ts';
export { type Prediction, predictionsOf } from './prediction.ts';
export type {
  CallOptions,
  OutputCallOptions,
  Predictor,
  RowStream,
  RunCallOptions,
  WholeCallOptions,
} from './predictor.ts';
export { type RowCallOptions, RowPredictor } from './row-predictor.ts';
export type { StandardSchema } from './standard-schema.ts';
export { stubPredictor } from './stub-predictor.ts';
