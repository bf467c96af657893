import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { connect, type RemoteModels } from '#client';
import type { OpenedModels } from '#engine';
import type { Predictor } from '#predictor';
import type { ModelCounters } from './model-counters.ts';
import { logModelEvents } from './model-events.ts';
import { OPTIONS } from './options-token.ts';
import type { LocalOptions, MetricsRegistry, PredictionOptions } from './prediction-options.ts';
import type { ModelReference } from './predictor-token.ts';

/**
 * The models of an application. They are opened with the first predictor that is made: a test that replaces all of them
 * loads neither a model nor ONNX Runtime.
 */
@Injectable()
export class ModelSource implements OnApplicationShutdown {
  private readonly logger = new Logger('Prediction');
  private opened: Promise<OpenedModels> | undefined;
  private endMetrics: (() => void) | undefined;

  constructor(@Inject(OPTIONS) private readonly options: PredictionOptions) {}

  /** @throws RepositoryError, PredictionError UNKNOWN_MODEL where the model cannot be had, which ends the start */
  async predictor(model: ModelReference): Promise<Predictor<unknown, unknown>> {
    const models = await this.models();
    return typeof model === 'string' ? models.predictor(model) : models.predictor(model);
  }

  /**
   * The last hook of a stop, in which the HTTP server has answered everything; so that no request meets a closed model. Hooks
   * of the application that come before it may still predict.
   */
  async onApplicationShutdown(): Promise<void> {
    const models = await this.opened?.catch(() => undefined);
    await models?.close();
    this.endMetrics?.();
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
    const counted = metrics && (await countersFor(metrics));
    this.endMetrics = counted?.end;
    const engine = await openEngine(path, { ...options, ...counted?.options }, (opening) => {
      logModelEvents(opening, this.logger);
      counted?.follow(opening);
    });
    return new OpenedModels(engine, counted?.options.answered);
  }
}

/** prom-client is loaded only where it is used. */
async function countersFor(metrics: MetricsRegistry): Promise<ModelCounters> {
  const { countModels } = await import('./model-counters.ts');
  return countModels(metrics);
}
