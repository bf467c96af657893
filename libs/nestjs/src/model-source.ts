import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { connect, type RemoteModels } from '#client';
import type { OpenedModels } from '#engine';
import type { Predictor } from '#predictor';
import type { ModelCounters } from './model-counters.ts';
import { logModelEvents } from './model-events.ts';
import type { LocalOptions, MetricsRegistry, PredictionOptions } from './prediction-options.ts';
import type { ModelReference } from './predictor-token.ts';

/**
 * The models of an application. The first predictor opens them: a test that replaces all predictors loads neither a model
 * nor ONNX Runtime.
 */
export class ModelSource implements OnApplicationShutdown {
  private readonly logger = new Logger('Prediction');
  private opened: Promise<OpenedModels> | undefined;
  private endCounting: (() => void) | undefined;

  constructor(private readonly options: PredictionOptions) {}

  /** @throws RepositoryError, PredictionError UNKNOWN_MODEL if the model is not available; the application then does not start */
  async predictor(model: ModelReference): Promise<Predictor<unknown, unknown>> {
    const models = await this.models();
    return typeof model === 'string' ? models.predictor(model) : models.predictor(model);
  }

  /**
   * The last hook of a shutdown: the HTTP server has answered everything by then, so no request meets a closed model. The
   * application's earlier hooks may still predict.
   */
  async onApplicationShutdown(): Promise<void> {
    const models = await this.opened?.catch(() => undefined);
    await models?.close();
    this.endCounting?.();
  }

  private models(): RemoteModels | Promise<OpenedModels> {
    const { options } = this;
    if ('remote' in options) {
      const { remote, ...client } = options;
      return connect(remote, client);
    }
    if ((options.models as unknown) === undefined)
      throw new TypeError('PredictionModule.forRoot takes the path of models, or the URL of a server as remote.');
    this.opened ??= this.open(options);
    return this.opened;
  }

  private async open({ models: path, metrics, ...options }: LocalOptions): Promise<OpenedModels> {
    const { openEngine, OpenedModels } = await import('#engine');
    const counters = metrics && (await countersFor(metrics));
    const engine = await openEngine(path, { ...options, ...counters?.options }, (opening) => {
      logModelEvents(opening, this.logger);
      counters?.follow(opening);
      this.endCounting = () => counters?.leave(opening);
    });
    return new OpenedModels(engine, counters?.options.answered);
  }
}

/** Loads prom-client only if it is used. */
async function countersFor(metrics: MetricsRegistry): Promise<ModelCounters> {
  const { ModelCounters } = await import('./model-counters.ts');
  return ModelCounters.of(metrics);
}
