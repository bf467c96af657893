import { Inject } from '@nestjs/common';
import type { ModelType } from '#predictor';

/** A model by its type, as `nestor types` writes it, or by its name. */
export type ModelReference = ModelType<unknown, unknown> | string;

export const nameOf = (model: ModelReference): string => (typeof model === 'string' ? model : model.name);

/**
 * The injection token of a model's predictor.
 * @param root the name of the `PredictionModule.forRoot` that has the model, if it has one
 */
export const getPredictorToken = (model: ModelReference, root?: string): string =>
  `nestor:predictor:${root === undefined ? '' : `${root}:`}${nameOf(model)}`;

/** Injects the predictor of a model that the module, or one that it imports, names in `PredictionModule.forFeature`. */
export const InjectPredictor = (model: ModelReference, root?: string): ReturnType<typeof Inject> =>
  Inject(getPredictorToken(model, root));
