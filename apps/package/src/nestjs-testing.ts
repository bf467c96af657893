/** Predictors for tests, which load no model. */
export { stubPredictor } from '#predictor';
