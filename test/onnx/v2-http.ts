import type { SuiteTensor } from './backend-test.ts';
import type { NestorServer } from './nestor-server.ts';
import { type AnsweredTensor, NoReplyError, PATIENCE_MS, type Protocol, type Reply } from './protocols.ts';
import { isFloat, valuesOf } from './values.ts';

interface JsonOutput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data?: readonly (number | string | boolean | null)[];
  readonly parameters?: { readonly binary_data_size?: number };
}

/** The Open Inference Protocol over HTTP, its tensors as bytes behind the JSON. */
export const v2Binary: Protocol = {
  name: 'V2 binary',
  cannotSay: () => undefined,
  async ask(server, model, inputs) {
    const header = JSON.stringify({
      inputs: inputs.map(({ name, datatype, shape, bytes }) => ({
        ...{ name, datatype, shape },
        parameters: { binary_data_size: bytes.length },
      })),
      parameters: { binary_data_output: true },
    });
    const body = Buffer.concat([Buffer.from(header), ...inputs.map(({ bytes }) => bytes)]);
    return send(server, model, body, { 'inference-header-content-length': String(Buffer.byteLength(header)) });
  },
};

/** Elements of at most 25 characters, which a body of 32 MiB, the default of MAX_BODY_BYTES, has room for. */
const LONGEST_JSON = 2 ** 25 / 25;

/** The same, its tensors as JSON. */
export const v2Json: Protocol = {
  name: 'V2 JSON',
  cannotSay(inputs) {
    if (inputs.reduce((sum, { values }) => sum + values.length, 0) > LONGEST_JSON)
      return 'as JSON they are more than a body may have';
    const isFinite = ({ datatype, values }: SuiteTensor): boolean =>
      !isFloat(datatype) || Array.from(values).every((value) => Number.isFinite(value));
    return inputs.every(isFinite) ? undefined : 'JSON has no NaN and no infinities';
  },
  ask: (server, model, inputs) =>
    send(server, model, Buffer.from(`{"inputs":[${inputs.map(jsonOf).join()}]}`), {
      'content-type': 'application/json',
    }),
};

/** A tensor with every digit: a big integer has no literal of its own in JSON.stringify. */
function jsonOf({ name, datatype, shape, values }: SuiteTensor): string {
  const data = Array.from(values, (value) => {
    if (datatype === 'BOOL') return String(value === 1);
    return typeof value === 'bigint' ? String(value) : Object.is(value, -0) ? '-0' : JSON.stringify(value);
  });
  return `{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join()}],"data":[${data.join()}]}`;
}

async function send(
  server: NestorServer,
  model: string,
  body: Buffer<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<Reply> {
  let response: Response;
  let answer: Buffer;
  try {
    response = await fetch(`${server.url}/v2/models/${model}/infer`, {
      ...{ method: 'POST', body, headers },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    answer = Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw new NoReplyError(String(error), { cause: error });
  }
  if (response.status !== 200) return { status: String(response.status), text: errorText(answer) };
  const length = Number(response.headers.get('inference-header-content-length') ?? answer.length);
  return { outputs: read(answer.subarray(0, length).toString(), answer.subarray(length)) };
}

function errorText(answer: Buffer): string {
  const text = answer.toString();
  try {
    return (JSON.parse(text) as { error: string }).error;
  } catch {
    return text;
  }
}

function read(json: string, binary: Buffer): AnsweredTensor[] {
  let at = 0;
  return (parse(json) as { outputs: JsonOutput[] }).outputs.map(({ name, datatype, shape, data, parameters }) => {
    const size = parameters?.binary_data_size;
    if (size === undefined) return { name, datatype, shape, values: data ?? [] };
    at += size;
    return { name, datatype, shape, values: valuesOf(datatype, binary.subarray(at - size, at)) };
  });
}

/** Integers beyond 2^53 stay as they are written. */
function parse(json: string): unknown {
  if (!/\d{16}/.test(json)) return JSON.parse(json);
  const exact = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && /^-?\d{16,}$/.test(context?.source ?? '') ? BigInt(context!.source!) : value;
  return JSON.parse(json, exact);
}
