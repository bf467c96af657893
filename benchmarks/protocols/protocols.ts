import protobuf from 'protobufjs';
import { houses } from '../wire.ts';
import { checkOutput, type Work } from './work.ts';

/** One request and its expected answer, in the bytes of a protocol. */
export interface Exchange {
  readonly over: 'http' | 'grpc';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** @throws WrongAnswerError */
  readonly check: (answer: Buffer) => void;
}

export interface Protocol {
  readonly id: string;
  readonly title: string;
  readonly exchange: (work: Work) => Exchange;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Nestor's own protocol, with which the others are compared. */
export const plain: Protocol = {
  id: 'plain',
  title: '`/predict`',
  exchange: (work) => ({
    over: 'http',
    path: '/predict',
    headers: JSON_TYPE,
    body: Buffer.from(JSON.stringify(houses(1)[0])),
    check: (answer) => checkOutput(work, (JSON.parse(answer.toString()) as { prediction: number[] }).prediction),
  }),
};

interface JsonAnswer {
  readonly outputs: readonly { readonly data: readonly number[] }[];
}

export const restJson: Protocol = {
  id: 'rest-json',
  title: 'V2 REST, JSON',
  exchange: (work) => ({
    over: 'http',
    path: `/v2/models/${work.model}/infer`,
    headers: JSON_TYPE,
    body: Buffer.from(JSON.stringify({ inputs: [{ ...headOf(work), data: Array.from(work.data) }] })),
    check: (answer) => checkOutput(work, (JSON.parse(answer.toString()) as JsonAnswer).outputs[0]!.data.flat()),
  }),
};

/** As tritonclient sends it: JSON, then the bytes of the tensor; the answer has the same form. */
export const restBinary: Protocol = {
  id: 'rest-binary',
  title: 'V2 REST, binary',
  exchange: (work) => {
    const json = JSON.stringify({
      inputs: [{ ...headOf(work), parameters: { binary_data_size: work.data.byteLength } }],
      outputs: [{ name: work.output, parameters: { binary_data: true } }],
    });
    return {
      over: 'http',
      path: `/v2/models/${work.model}/infer`,
      headers: {
        'content-type': 'application/octet-stream',
        'inference-header-content-length': String(json.length),
      },
      body: Buffer.concat([Buffer.from(json), bytesOf(work)]),
      check: (answer) => checkOutput(work, floatsOf(answer.subarray(-4 * work.expected.length))),
    };
  },
};

const root = protobuf.loadSync('apps/server/src/open-inference/grpc/open-inference.proto');
const ModelInferRequest = root.lookupType('inference.ModelInferRequest');
const ModelInferResponse = root.lookupType('inference.ModelInferResponse');

/** As tritonclient sends it: the tensor in `raw_input_contents`. */
export const grpc: Protocol = {
  id: 'grpc',
  title: 'V2 gRPC',
  exchange: (work) => {
    const message = { modelName: work.model, inputs: [headOf(work)], rawInputContents: [bytesOf(work)] };
    return {
      over: 'grpc',
      path: '/inference.GRPCInferenceService/ModelInfer',
      headers: {},
      body: Buffer.from(ModelInferRequest.encode(ModelInferRequest.create(message)).finish()),
      check: (answer) => {
        const { rawOutputContents } = ModelInferResponse.decode(answer) as unknown as { rawOutputContents: Buffer[] };
        checkOutput(work, floatsOf(rawOutputContents[0]!));
      },
    };
  },
};

/** The same bytes for bare servers, whose answers do not depend on the model. */
export const unread = ({ exchange, ...protocol }: Protocol): Protocol => ({
  ...protocol,
  exchange: (work) => ({ ...exchange(work), check: () => {} }),
});

const headOf = ({ input, shape }: Work) => ({ name: input, shape, datatype: 'FP32' });
const bytesOf = ({ data }: Work): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
/** Copies the bytes, since they may not be aligned for floats. */
const floatsOf = (bytes: Buffer): Float32Array => new Float32Array(new Uint8Array(bytes).buffer);
