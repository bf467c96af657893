import { describe, listNames, NestorError, quote } from '#errors';
import type { Signature } from '#tensor';
import type { RequestedOutput } from './infer-request.ts';
import { asParameters, flag, refuseSharedMemory, wholeNumber } from './parameters.ts';

/**
 * Reads the requested outputs, in their order. A request that names none gets all of them.
 *
 * @param binaryOutput the default form of an output
 * @throws NestorError INVALID_REQUEST, INVALID_TENSOR, UNSUPPORTED_PARAMETER
 */
export function readRequestedOutputs(
  value: unknown,
  binaryOutput: boolean,
  signature: Signature,
): readonly RequestedOutput[] {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) {
    return signature.outputs.map(({ name }) => ({ name, binary: binaryOutput, classification: 0 }));
  }
  if (!Array.isArray(value))
    throw new NestorError('INVALID_REQUEST', `"outputs" is ${describe(value)}; a list is expected.`);
  const seen = new Set<string>();
  return value.map((entry: unknown, at) => {
    const output = readOutput(entry, at, binaryOutput, signature);
    if (seen.has(output.name))
      throw new NestorError('INVALID_REQUEST', `Output ${quote(output.name)} is requested twice.`);
    seen.add(output.name);
    return output;
  });
}

function readOutput(entry: unknown, at: number, binaryOutput: boolean, { outputs }: Signature): RequestedOutput {
  const { name, parameters } = (entry ?? {}) as { name?: unknown; parameters?: unknown };
  if (typeof name !== 'string') throw new NestorError('INVALID_REQUEST', `outputs[${at}] has no name.`);
  const spec = outputs.find((output) => output.name === name);
  if (spec === undefined) {
    const known = listNames(outputs.map((output) => output.name));
    throw new NestorError('INVALID_TENSOR', `The model has no output ${quote(name)}; it has ${known}.`);
  }
  const owner = (): string => `Output ${quote(name)}`;
  const given = asParameters(parameters, owner);
  refuseSharedMemory(given, owner);
  const classification = wholeNumber(given, 'classification', owner) ?? 0;
  if (classification > 0 && (spec.datatype === 'BYTES' || spec.datatype === 'BOOL')) {
    throw new NestorError(
      'UNSUPPORTED_PARAMETER',
      `${owner()} is of datatype ${spec.datatype}, whose elements cannot be ranked: leave "classification" out.`,
    );
  }
  return { name, binary: flag(given, 'binary_data', owner) ?? binaryOutput, classification };
}
