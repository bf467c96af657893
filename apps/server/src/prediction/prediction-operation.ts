import type { Caller, ModelVersion, Run } from '#engine';
import type { Tensors } from '#tensor';
import type { RequestMemory } from '../memory/request-memory.ts';
import type { Operation } from '../operation/operation.ts';
import type { Served } from '../logging/request-log.ts';

/** A request for predictions, whatever it came by. */
export interface PredictionRequest {
  readonly id: string;
  /** Set as soon as the model is known. */
  served: Served | null;
  /** What its body lies in, where that is to be given back. */
  memory: RequestMemory | null;
  /**
   * Who waits for the answer.
   *
   * @throws NestorError INVALID_REQUEST where the request says so in a way that cannot be understood
   */
  caller(): Caller;
}

/** The model that a request is for: the default one and its default version, where it does not say. */
export interface Target {
  readonly name?: string;
  readonly version?: string;
}

/** What a request asks of its model, read and checked: it can be run. */
export interface Question {
  readonly run: Run;
  /** How long the caller is willing to wait, as the body says. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A way to ask a model for predictions: a decoder and an encoder of one wire format. All that they throw is a NestorError.
 * What it encodes holds nothing of the outputs themselves: the memory behind those is used again.
 */
export interface PredictionOperation<Request, Asked extends Question, Answer, RenderedError> extends Operation<
  Request,
  RenderedError
> {
  /** As the log calls it. */
  readonly name: string;
  readonly target: (request: Request) => Target;
  readonly decode: (request: Request, model: ModelVersion, caller: Caller) => Asked | Promise<Asked>;
  readonly encode: (outputs: Tensors, question: Asked, model: ModelVersion) => Answer;
  /** What was asked and what is answered, as text for the log at debug level. */
  readonly describe: (
    request: Request,
    answer: Answer,
  ) => { readonly payload?: string | undefined; readonly answer: string };
}
