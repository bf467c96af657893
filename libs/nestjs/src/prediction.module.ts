import { type DynamicModule, type FactoryProvider, Global, Module } from '@nestjs/common';
import type { ModelSource } from './model-source.ts';
import { type ASYNC_OPTIONS_TYPE, ConfigurableModuleClass, type OPTIONS_TYPE } from './options-token.ts';
import { getPredictorToken, type ModelReference } from './predictor-token.ts';
import { Predictors } from './predictors.ts';
import { sourceProvider, sourceToken } from './source-provider.ts';

interface Root {
  /** The name of these models in `forFeature` and `@InjectPredictor`, if an application has several `forRoot`. */
  readonly name?: string;
  /** Whether `Predictors` is available everywhere, not only in modules that import this one or `forFeature`. */
  readonly isGlobal?: boolean;
}

/** Every `forFeature` finds the models, in whatever module. */
@Global()
@Module({})
class ModelSourceModule extends ConfigurableModuleClass {}

/**
 * Typed, batched, bounded predictions for a Nest application: import `forRoot` once, with the path of the models, and
 * `forFeature` in modules that inject predictors.
 */
@Module({})
export class PredictionModule {
  static forRoot({ name, isGlobal, ...options }: typeof OPTIONS_TYPE & Root): DynamicModule {
    return rootOf(ModelSourceModule.forRoot(options), name, isGlobal);
  }

  static forRootAsync({ name, isGlobal, ...options }: typeof ASYNC_OPTIONS_TYPE & Root): DynamicModule {
    return rootOf(ModelSourceModule.forRootAsync(options), name, isGlobal);
  }

  /**
   * Provides a predictor for each of these models; the application does not start if one cannot be loaded.
   * @param root the name of the `forRoot` that has them, if it has one
   */
  static forFeature(models: readonly ModelReference[], root?: string): DynamicModule {
    const predictors = models.map((model) => predictorProvider(model, root));
    return { module: PredictionModule, providers: [Predictors, ...predictors], exports: [Predictors, ...predictors] };
  }
}

function rootOf(made: DynamicModule, name: string | undefined, isGlobal = false): DynamicModule {
  const source = sourceProvider(name);
  return {
    module: PredictionModule,
    global: isGlobal,
    imports: [{ ...made, providers: [...made.providers!, source], exports: [source] }],
    providers: [Predictors],
    exports: [Predictors],
  };
}

const predictorProvider = (model: ModelReference, root: string | undefined): FactoryProvider => ({
  provide: getPredictorToken(model, root),
  inject: [sourceToken(root)],
  useFactory: (source: ModelSource) => source.predictor(model),
});
