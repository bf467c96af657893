import type { Caller, ModelVersion, Run } from '#engine';
import type { Tensors } from '#tensor';
import type { RequestMemory } from '../memory/request-memory.ts';
import type { Operation } from '../operation/operation.ts';
import type { Served } from '../logging/request-log.ts';

/** A request for predictions, in any protocol. */
export interface PredictionRequest {
  readonly id: string;
  /** Set as soon as the model is known. */
  served: Served | null;
  /** The memory of its body, if that must be given back. */
  memory: RequestMemory | null;
  /**
   * The caller that waits for the response.
   *
   * @throws NestorError INVALID_REQUEST if the request's timeout is invalid
   */
  caller(): Caller;
}

/** The model that a request names; by default the default model and its default version. */
export interface Target {
  readonly name?: string;
  readonly version?: string;
}

/** A validated request to a model, ready to run. */
export interface Question {
  readonly run: Run;
  /** The caller's timeout from the body. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A way to request predictions: the decoder and the encoder of a wire format. They throw only NestorErrors. The encoded
 * response must not refer to the outputs, because their memory is reused.
 */
export interface PredictionOperation<Request, Asked extends Question, Answer, RenderedError> extends Operation<
  Request,
  RenderedError
> {
  /** Its name in the log. */
  readonly name: string;
  readonly target: (request: Request) => Target;
  readonly decode: (request: Request, model: ModelVersion, caller: Caller) => Asked | Promise<Asked>;
  readonly encode: (outputs: Tensors, question: Asked, model: ModelVersion) => Answer;
  /** The request and the response as text, for the log at debug level. */
  readonly describe: (
    request: Request,
    answer: Answer,
  ) => { readonly payload?: string | undefined; readonly answer: string };
}
