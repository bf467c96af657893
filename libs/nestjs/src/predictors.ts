import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { ModelType, Predictor } from '#predictor';
import { getPredictorToken, type ModelReference, nameOf } from './predictor-token.ts';

/** A health indicator's result, as terminus expects it. */
export type ModelHealth = Readonly<
  Record<string, { readonly status: 'up' } | { readonly status: 'down'; readonly reason: string }>
>;

/** All predictors of the application, by name, and its health. */
@Injectable()
export class Predictors {
  constructor(private readonly modules: ModuleRef) {}

  /**
   * @param root the name of the `PredictionModule.forRoot` that has the model, if it has one
   * @throws Error if no module of the application names the model in `PredictionModule.forFeature`
   */
  get<Row, Answer>(model: ModelType<Row, Answer>, root?: string): Predictor<Row, Answer>;
  get(name: string, root?: string): Predictor;
  get(model: ModelReference, root?: string): Predictor<unknown, unknown> {
    try {
      return this.modules.get<Predictor<unknown, unknown>>(getPredictorToken(model, root), { strict: false });
    } catch (cause) {
      const name = nameOf(model);
      const feature = root === undefined ? `['${name}']` : `['${name}'], '${root}'`;
      throw new Error(`No module asks for the model ${name}: add it to PredictionModule.forFeature(${feature}).`, {
        cause,
      });
    }
  }

  /** Whether a model answers now: a health indicator for terminus, `() => predictors.isReady('housing')`. */
  async isReady(model: ModelReference, root?: string): Promise<ModelHealth> {
    const name = nameOf(model);
    const ready = await this.get(name, root).isReady();
    return { [name]: ready ? { status: 'up' } : { status: 'down', reason: 'the model is not ready' } };
  }
}
