import { isUtf8 } from 'node:buffer';
import { readBinaryData } from '#binary';
import { withoutMark } from '#csv';
import { type CollectedInputs, type InferTarget, InputCollector } from '#engine';
import { describe, NestorError, quote } from '#errors';
import { isObject } from '#features';
import { parseWithLongIntegersAsStrings } from './exact-integers.ts';
import type { InferRequest } from './infer-request.ts';
import { readJsonData } from './json-data.ts';
import { asParameters, readRequestParameters, refuseSharedMemory, wholeNumber } from './parameters.ts';
import { decodeRawRequest } from './raw-request.ts';
import { readRequestedOutputs } from './requested-outputs.ts';

interface JsonRequest {
  readonly id?: unknown;
  readonly parameters?: unknown;
  readonly inputs?: unknown;
  readonly outputs?: unknown;
}

interface JsonInput {
  readonly name?: unknown;
  readonly datatype?: unknown;
  readonly shape?: unknown;
  readonly parameters?: unknown;
  readonly data?: unknown;
}

/**
 * Reads the body of `POST …/infer`: JSON, optionally followed by the bytes of binary tensors. Aligned tensors are views
 * of the body (see `TensorBody`), so nothing may write to the body afterwards.
 *
 * @param jsonLength the header Inference-Header-Content-Length, if sent; 0 if the body is the bytes of the only input
 * @throws NestorError and nothing else, whatever the bytes are
 */
export function decodeInferRequest(body: Buffer, jsonLength: number | undefined, target: InferTarget): InferRequest {
  if (body.length === 0 && jsonLength !== 0)
    throw new NestorError('EMPTY_BODY', 'The body is empty; an inference request is expected.');
  if (jsonLength === 0) return decodeRawRequest(body, target);
  const text = jsonText(body, jsonLength);
  const request = asRequest(parseJson(text));
  const { timeoutMs, binaryOutput } = readRequestParameters(request.parameters);
  const outputs = readRequestedOutputs(request.outputs, binaryOutput, target.signature);
  return { id: idOf(request), timeoutMs, outputs, ...readInputs(request, text, body, jsonLength, target) };
}

function jsonText(body: Buffer, jsonLength = body.length): string {
  if (jsonLength > body.length) {
    throw new NestorError(
      'MALFORMED_BODY',
      `Inference-Header-Content-Length is ${jsonLength}, but the body has ${body.length} byte(s).`,
    );
  }
  const json = jsonLength === body.length ? body : body.subarray(0, jsonLength);
  if (!isUtf8(json))
    throw new NestorError(
      'MALFORMED_BODY',
      'The JSON of the body is not valid UTF-8. Binary data needs the header Inference-Header-Content-Length.',
    );
  return withoutMark(json.toString('utf8'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be parsed';
    throw new NestorError('MALFORMED_BODY', `The body is not valid JSON: ${reason.slice(0, 200)}.`, { cause });
  }
}

function asRequest(json: unknown): JsonRequest {
  if (isObject(json)) return json;
  throw new NestorError('INVALID_REQUEST', `The body is ${describe(json)}; an object with "inputs" is expected.`);
}

function idOf({ id }: JsonRequest): string | undefined {
  if (id === undefined || id === null || typeof id === 'string') return id ?? undefined;
  throw new NestorError('INVALID_REQUEST', `"id" is ${describe(id)}; a string is expected.`);
}

function readInputs(
  request: JsonRequest,
  text: string,
  body: Buffer,
  jsonLength: number | undefined,
  target: InferTarget,
): CollectedInputs {
  const entries = inputsOf(request);
  const collector = new InputCollector(target);
  let exactRequest: JsonRequest | undefined;
  const exactData = (at: number): unknown => {
    exactRequest ??= parseWithLongIntegersAsStrings(text) as JsonRequest;
    return (exactRequest.inputs as readonly JsonInput[])[at]!.data;
  };
  let read = jsonLength ?? body.length;
  for (const [at, input] of entries.entries()) {
    if (typeof input?.name !== 'string') throw new NestorError('INVALID_REQUEST', `inputs[${at}] has no name.`);
    const { name, datatype, shape, data } = input;
    const expected = collector.expect(name, datatype, shape);
    const size = binarySize(input, name, jsonLength);
    if (size !== undefined) requireBytes(name, size, body.length - read);
    const values =
      size === undefined
        ? readJsonData(expected, data, () => exactData(at))
        : readBinaryData(expected, body.subarray(read, read + size));
    collector.add(name, { datatype: expected.spec.datatype, shape: expected.shape, data: values });
    read += size ?? 0;
  }
  if (read !== body.length) {
    throw new NestorError(
      'MALFORMED_BODY',
      `The body has ${body.length - read} byte(s) after the JSON and the binary data of its inputs.`,
    );
  }
  return collector.finish();
}

function inputsOf({ inputs }: JsonRequest): readonly (JsonInput | null)[] {
  if (Array.isArray(inputs)) return inputs as readonly (JsonInput | null)[];
  throw new NestorError('INVALID_REQUEST', `"inputs" is ${describe(inputs)}; a list of tensors is expected.`);
}

/** The length of an input's bytes after the JSON; undefined for an input whose data is in the JSON. */
function binarySize({ parameters, data }: JsonInput, name: string, jsonLength: number | undefined): number | undefined {
  const owner = (): string => `Input ${quote(name)}`;
  const given = asParameters(parameters, owner);
  refuseSharedMemory(given, owner);
  const size = wholeNumber(given, 'binary_data_size', owner);
  if (size === undefined) return undefined;
  if (jsonLength === undefined) {
    throw new NestorError(
      'INVALID_REQUEST',
      `${owner()} has "binary_data_size", but the header Inference-Header-Content-Length is missing.`,
    );
  }
  if (data !== undefined)
    throw new NestorError('INVALID_REQUEST', `${owner()} has both "data" and "binary_data_size".`);
  return size;
}

function requireBytes(name: string, size: number, left: number): void {
  if (size <= left) return;
  throw new NestorError(
    'MALFORMED_BODY',
    `Input ${quote(name)} has a "binary_data_size" of ${size}, but only ${left} byte(s) of the body are left for it.`,
  );
}
