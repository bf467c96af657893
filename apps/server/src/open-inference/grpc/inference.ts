import type { Engine } from '#engine';
import type { Tensors } from '#tensor';
import type { Answerer } from '../encode-response.ts';
import { type InferRequest, outputNames, targetOf } from '../infer-request.ts';
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

  constructor(models: Engine) {
    this.#models = models;
  }

  /** @throws NestorError */
  async infer(message: InferMessage, call: Call): Promise<Inferred> {
    const { modelName, modelVersion } = message;
    const model = this.#models.get(modelName, modelVersion === '' ? undefined : modelVersion);
    const { name, version } = model;
    const served = { model: name, version, rows: 0 };
    call.served = served;
    const target = targetOf(model);
    const { inputs, rows, timeoutMs, ...wanted } = decodeInferRequest(message, target);
    served.rows = rows;
    const names = outputNames(wanted.outputs, target.signature);
    const run = { inputs, rows, outputs: names };
    const { outputs } = await model.leased(() => model.run(run, call.caller(timeoutMs)));
    const answerer = { name, version, hasRows: target.hasRows, labels: model.manifest.labels };
    return { inputs, wanted, outputs, answerer };
  }
}
