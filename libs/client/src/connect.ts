import type { ModelType, Predictor } from '#predictor';
import { RemotePredictor } from './remote-predictor.ts';
import { type ClientOptions, Transport } from './transport.ts';

/** The models of a server. */
export class RemoteModels {
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** A model to predict with; the first call shows whether the server has it. */
  predictor<Row, Answer>(model: ModelType<Row, Answer>): Predictor<Row, Answer>;
  predictor(name: string): Predictor;
  predictor(model: ModelType | string): Predictor {
    return new RemotePredictor(this.#transport, typeof model === 'string' ? model : model.name);
  }
}

/**
 * Models of a Nestor server, over HTTP: rows by `/predict`, tensors by the Open Inference Protocol V2.
 *
 * @param url such as http://nestor:8080
 * @throws TypeError if that is not a URL
 */
export function connect(url: string, options: ClientOptions = {}): RemoteModels {
  return new RemoteModels(new Transport(url, options));
}
