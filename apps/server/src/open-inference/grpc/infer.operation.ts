import { targetOf } from '#engine';
import type { PredictionOperation } from '../../prediction/prediction-operation.ts';
import { answererOf } from '../encode-response.ts';
import { type InferQuestion, questionOf } from '../infer-request.ts';
import type { Call } from './call.ts';
import { decodeInferRequest } from './decode-infer.ts';
import { encodeInferResponse, encodeStreamError, encodeStreamResponse } from './encode-infer.ts';
import { inferenceOperation } from './operation.ts';
import { type CallStatus, detailsOf } from './status.ts';

type InferOperation<RenderedError> = PredictionOperation<Call, InferQuestion, Buffer, RenderedError>;

export const MODEL_INFER: InferOperation<CallStatus> = {
  ...inferenceOperation('ModelInfer', 'key'),
  target: ({ message }) => {
    const { modelName: name, modelVersion: version } = message!;
    return version === '' ? { name } : { name, version };
  },
  decode: ({ message }, model) => {
    const target = targetOf(model);
    return questionOf(decodeInferRequest(message!, target), target);
  },
  encode: (outputs, { wanted }, model) => encodeInferResponse(wanted, outputs, answererOf(model)),
  describe: ({ message }, answer) => ({
    payload: message!.inputs.map(({ name, datatype, shape }) => `${name} ${datatype} [${shape.join(', ')}]`).join(', '),
    answer: `${answer.length} bytes`,
  }),
};

/** One message of a ModelStreamInfer. Its error is a message too, which leaves the stream open. */
export const MODEL_STREAM_INFER: InferOperation<Buffer> = {
  ...MODEL_INFER,
  ...inferenceOperation('ModelStreamInfer', 'key'),
  renderError: (error, { message }) => encodeStreamError(message?.id ?? '', detailsOf(error)),
  encode: (outputs, { wanted }, model) => encodeStreamResponse(wanted, outputs, answererOf(model)),
};
