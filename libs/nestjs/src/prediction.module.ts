import { type DynamicModule, type FactoryProvider, Global, Module } from '@nestjs/common';
import { ModelSource } from './model-source.ts';
import { type ASYNC_OPTIONS_TYPE, ConfigurableModuleClass, type OPTIONS_TYPE } from './options-token.ts';
import { getPredictorToken, type ModelReference } from './predictor-token.ts';
import { Predictors } from './predictors.ts';

interface Reach {
  /** Whether `Predictors` is found everywhere, and not only in modules that import this one or `forFeature`. */
  readonly isGlobal?: boolean;
}

/** Every `forFeature` finds the models, wherever it stands. */
@Global()
@Module({ providers: [ModelSource], exports: [ModelSource] })
class ModelSourceModule extends ConfigurableModuleClass {}

/**
 * Typed, batched, bounded predictions for a Nest application: `forRoot` once, with where the models lie, and `forFeature`
 * where predictors are injected.
 */
@Module({})
export class PredictionModule {
  static forRoot({ isGlobal, ...options }: typeof OPTIONS_TYPE & Reach): DynamicModule {
    return rootOf(ModelSourceModule.forRoot(options), isGlobal);
  }

  static forRootAsync({ isGlobal, ...options }: typeof ASYNC_OPTIONS_TYPE & Reach): DynamicModule {
    return rootOf(ModelSourceModule.forRootAsync(options), isGlobal);
  }

  /** Provides a predictor for each of these models; the application does not start where one cannot be loaded. */
  static forFeature(models: readonly ModelReference[]): DynamicModule {
    const predictors = models.map(providerOf);
    return { module: PredictionModule, providers: [Predictors, ...predictors], exports: [Predictors, ...predictors] };
  }
}

function rootOf(source: DynamicModule, isGlobal = false): DynamicModule {
  return {
    module: PredictionModule,
    global: isGlobal,
    imports: [source],
    providers: [Predictors],
    exports: [Predictors],
  };
}

const providerOf = (model: ModelReference): FactoryProvider => ({
  provide: getPredictorToken(model),
  inject: [ModelSource],
  useFactory: (source: ModelSource) => source.predictor(model),
});
