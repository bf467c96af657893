import { readBinaryData } from '#binary';
import { type InferTarget, InputCollector } from '#engine';
import { NestorError, quote } from '#errors';
import type { InferRequest } from '../infer-request.ts';
import { type Parameters, readRequestParameters, refuseSharedMemory } from '../parameters.ts';
import { readRequestedOutputs } from '../requested-outputs.ts';
import type { InferMessage, InputMessage } from './infer-message.ts';
import { readTypedContents } from './typed-contents.ts';

/**
 * Reads a ModelInferRequest against its model. Aligned raw tensors are views of the message. Outputs are raw if the
 * inputs are, unless the request says otherwise.
 *
 * @throws NestorError and nothing else, whatever the bytes are
 */
export function decodeInferRequest(message: InferMessage, target: InferTarget): InferRequest {
  const { inputs, rawContents, id } = message;
  const raw = rawContents.length > 0;
  const { timeoutMs, binaryOutput } = readRequestParameters(withDefault(message.parameters, raw));
  const outputs = readRequestedOutputs(message.outputs, binaryOutput, target.signature);
  if (raw && rawContents.length !== inputs.length) {
    throw new NestorError(
      'INVALID_REQUEST',
      `The request has ${inputs.length} inputs and ${rawContents.length} raw_input_contents; each input needs one.`,
    );
  }
  const collector = new InputCollector(target);
  for (const [at, input] of inputs.entries()) readInput(input, rawContents[at], collector);
  return { id: id === '' ? undefined : id, timeoutMs, outputs, ...collector.finish() };
}

function withDefault(parameters: Parameters | undefined, raw: boolean): Parameters {
  return parameters === undefined ? { binary_data_output: raw } : { binary_data_output: raw, ...parameters };
}

function readInput(input: InputMessage, raw: Buffer | undefined, collector: InputCollector): void {
  const { name, datatype, shape, contents, parameters } = input;
  if (parameters !== undefined) refuseSharedMemory(parameters, () => `Input ${quote(name)}`);
  const expected = collector.expect(name, datatype, shape);
  if (raw !== undefined && contents !== undefined) {
    throw new NestorError('INVALID_REQUEST', `Input ${quote(name)} has both contents and raw_input_contents.`);
  }
  const data = raw === undefined ? readTypedContents(expected, contents ?? NOTHING) : readBinaryData(expected, raw);
  collector.add(name, { datatype: expected.spec.datatype, shape: expected.shape, data });
}

const NOTHING = Buffer.alloc(0);
