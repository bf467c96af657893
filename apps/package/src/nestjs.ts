/** Models in a NestJS application. */
export {
  getPredictorToken,
  InjectPredictor,
  type ModelHealth,
  type ModelReference,
  PredictionErrorFilter,
  PredictionModule,
  type LocalOptions,
  type PredictionOptions,
  type RemoteOptions,
  Predictors,
} from '#nestjs';
export * from './model.ts';
