/** A model's types and schema, without code that loads models. The files that `nestor types` writes import this one. */
export { NestorError as PredictionError, type Issue } from '#errors';
export type { Feature } from '#features';
export {
  type AnswerWith,
  type CallOptions,
  defineModel,
  type ModelType,
  type ModelTypeParts,
  type OutputCallOptions,
  type OutputOf,
  type Prediction,
  type Predictor,
  type RowStream,
  type RunCallOptions,
  type StandardSchema,
  type WholeCallOptions,
} from '#predictor';
export type { Tensor, Tensors } from '#tensor';
