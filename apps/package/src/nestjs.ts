/** Models in a Nest application. */
export {
  getPredictorToken,
  InjectPredictor,
  type ModelHealth,
  type ModelReference,
  PredictionErrorFilter,
  PredictionModule,
  type PredictionOptions,
  Predictors,
} from '#nestjs';
export * from './model.ts';
