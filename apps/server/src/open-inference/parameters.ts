import { describe, NestorError, quote } from '#errors';
import { isObject } from '#features';

export type Parameters = Readonly<Record<string, unknown>>;

const NONE: Parameters = {};

/** Parameters of stateful models. Nestor serves none: every request is independent. */
const SEQUENCE = ['sequence_id', 'sequence_start', 'sequence_end'];
const SHARED_MEMORY = ['shared_memory_region', 'shared_memory_byte_size', 'shared_memory_offset'];

/** The parameters of a request that Nestor implements. */
export interface RequestParameters {
  readonly timeoutMs: number | undefined;
  /** Whether outputs are sent as bytes unless their own parameters say otherwise. */
  readonly binaryOutput: boolean;
}

/**
 * Reads the parameters of Triton's schedule policy and binary tensor extensions. Undefined parameters are ignored: the
 * protocol leaves them to the server.
 *
 * @throws NestorError UNSUPPORTED_PARAMETER, INVALID_REQUEST
 */
export function readRequestParameters(value: unknown): RequestParameters {
  const parameters = asParameters(value, REQUEST);
  if (parameters === NONE) return { timeoutMs: undefined, binaryOutput: false };
  for (const name of SEQUENCE) {
    const asked = parameters[name];
    if (asked === undefined || asked === 0 || asked === '' || asked === false) continue;
    throw new NestorError(
      'UNSUPPORTED_PARAMETER',
      `${quote(name)} is not supported: Nestor keeps no state between requests.`,
    );
  }
  const { priority } = parameters;
  if (priority !== undefined && priority !== 0) {
    throw new NestorError(
      'UNSUPPORTED_PARAMETER',
      '"priority" is not supported: Nestor serves requests in the order of their arrival.',
    );
  }
  return {
    timeoutMs: timeoutOf(parameters),
    binaryOutput: flag(parameters, 'binary_data_output', REQUEST) ?? false,
  };
}

/** The owner of parameters as the subject of a sentence; called only for an error. */
export type Owner = () => string;

const REQUEST: Owner = () => 'The request';

/** @throws NestorError INVALID_REQUEST if they are not an object */
export function asParameters(value: unknown, owner: Owner): Parameters {
  if (value === undefined || value === null) return NONE;
  if (isObject(value)) return value;
  throw new NestorError(
    'INVALID_REQUEST',
    `${owner()} has parameters that are ${describe(value)}; an object is expected.`,
  );
}

export function flag(parameters: Parameters, name: string, owner: Owner): boolean | undefined {
  const value = parameters[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw new NestorError(
    'INVALID_REQUEST',
    `${owner()} has ${describe(value)} as parameter ${quote(name)}; true or false is expected.`,
  );
}

export function wholeNumber(parameters: Parameters, name: string, owner: Owner): number | undefined {
  const value = parameters[name];
  if (value === undefined) return undefined;
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new NestorError(
    'INVALID_REQUEST',
    `${owner()} has ${describe(value)} as parameter ${quote(name)}; a whole number of 0 or more is expected.`,
  );
}

/** @throws NestorError UNSUPPORTED_PARAMETER if parameters refer to memory shared with the caller */
export function refuseSharedMemory(parameters: Parameters, owner: Owner): void {
  if (parameters === NONE) return;
  const asked = SHARED_MEMORY.find((name) => parameters[name] !== undefined);
  if (asked === undefined) return;
  throw new NestorError(
    'UNSUPPORTED_PARAMETER',
    `${owner()} has the parameter ${quote(asked)}: shared memory is not supported. Send the data with the request.`,
  );
}

/** `timeout` is in microseconds; 0 means none. */
function timeoutOf(parameters: Parameters): number | undefined {
  const microseconds = wholeNumber(parameters, 'timeout', REQUEST);
  return microseconds ? microseconds / 1000 : undefined;
}
