import type { Engine } from '#engine';
import type { Tensors } from '#tensor';
import type { PredictionService } from '../../prediction/prediction.service.ts';
import type { Answerer } from '../encode-response.ts';
import { type InferRequest, outputNames } from '../infer-request.ts';
import type { InferTargets } from '../infer-targets.ts';
import type { Call } from './call.ts';
import { decodeInferRequest } from './decode-infer.ts';
import type { InferMessage } from './infer-message.ts';

/** The outputs of one inference, with what its answer is written from. */
export interface Inferred {
  readonly inputs: Tensors;
  readonly wanted: Pick<InferRequest, 'id' | 'outputs'>;
  readonly outputs: Tensors;
  readonly answerer: Answerer;
}

/** The way from a ModelInferRequest to the outputs, for single calls and streams alike. */
export class Inference {
  readonly #models: Engine;
  readonly #predictions: PredictionService;
  readonly #targets: InferTargets;

  constructor(models: Engine, predictions: PredictionService, targets: InferTargets) {
    this.#models = models;
    this.#predictions = predictions;
    this.#targets = targets;
  }

  /** @throws NestorError */
  async infer(message: InferMessage, call: Call): Promise<Inferred> {
    const { modelName, modelVersion } = message;
    const model = this.#models.get(modelName, modelVersion === '' ? undefined : modelVersion);
    const { name, version } = model;
    const served = { model: name, version, rows: 0 };
    call.served = served;
    const target = this.#targets.of(model);
    const { inputs, rows, timeoutMs, ...wanted } = decodeInferRequest(message, target);
    served.rows = rows;
    const names = outputNames(wanted.outputs, target.signature);
    const run = { inputs, rows, ...(names && { outputs: names }) };
    const { outputs } = await this.#predictions.run(model, run, call.caller(timeoutMs));
    const answerer = { name, version, hasRows: target.hasRows, labels: model.manifest.labels };
    return { inputs, wanted, outputs, answerer };
  }
}
