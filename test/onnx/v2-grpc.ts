import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { methodOf, SERVICE } from '../grpc-service.ts';
import type { SuiteTensor } from './backend-test.ts';
import { type AnsweredTensor, NoReplyError, PATIENCE_MS, type Protocol, type Reply } from './protocols.ts';
import { valuesOf } from './values.ts';

/** The field of a message that holds the elements of a datatype; FP16 has none and travels raw. */
const FIELDS: Readonly<Record<string, string>> = {
  BOOL: 'bool_contents',
  UINT8: 'uint_contents',
  UINT16: 'uint_contents',
  UINT32: 'uint_contents',
  UINT64: 'uint64_contents',
  INT8: 'int_contents',
  INT16: 'int_contents',
  INT32: 'int_contents',
  INT64: 'int64_contents',
  FP32: 'fp32_contents',
  FP64: 'fp64_contents',
  BYTES: 'bytes_contents',
};

let asked = 0;

/** The same protocol over gRPC: every second request has its tensors in typed fields where those exist, else raw. */
export const v2Grpc: Protocol = {
  name: 'gRPC',
  cannotSay: () => undefined,
  ask(server, model, inputs) {
    asked += 1;
    const typed = asked % 2 === 0 && inputs.every(({ datatype }) => datatype in FIELDS);
    return call(clientOf(server.grpc), { model_name: model, ...(typed ? typedInputs(inputs) : rawInputs(inputs)) });
  },
};

const named = ({ name, datatype, shape }: SuiteTensor) => ({ name, datatype, shape });

function rawInputs(inputs: readonly SuiteTensor[]): object {
  return { inputs: inputs.map(named), raw_input_contents: inputs.map(({ bytes }) => bytes) };
}

function typedInputs(inputs: readonly SuiteTensor[]): object {
  const contents = ({ datatype, values }: SuiteTensor): object => ({
    [FIELDS[datatype]!]: Array.from(values, (value) => {
      if (datatype === 'BOOL') return value === 1;
      if (datatype === 'BYTES') return Buffer.from(value as string);
      return typeof value === 'bigint' ? String(value) : value;
    }),
  });
  return { inputs: inputs.map((tensor) => ({ ...named(tensor), contents: contents(tensor) })) };
}

const clients = new Map<string, Client>();

function clientOf(address: string): Client {
  let client = clients.get(address);
  if (client === undefined) {
    for (const other of clients.values()) other.close(); // of a server that is gone: there is one at a time
    clients.clear();
    client = new Client(address, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.use_local_subchannel_pool': 1,
    });
    clients.set(address, client);
  }
  return client;
}

function call(client: Client, request: object): Promise<Reply> {
  const { requestSerialize, responseDeserialize } = methodOf('ModelInfer');
  const options = { deadline: Date.now() + PATIENCE_MS };
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      `/${SERVICE}/ModelInfer`,
      requestSerialize,
      responseDeserialize,
      request,
      options,
      (error, answer) => {
        if (error === null) resolve({ outputs: read(answer) });
        else if (isNoReply(error)) reject(new NoReplyError(error.message, { cause: error }));
        else resolve({ status: status[error.code], text: error.details });
      },
    );
  });
}

/** The server's own errors say in the trailing metadata under which request they are in the log. */
function isNoReply(error: ServiceError): boolean {
  return error.metadata.get('x-request-id').length === 0;
}

function read({ outputs, raw_output_contents: raw }: any): AnsweredTensor[] {
  return outputs.map(({ name, datatype, shape, contents }: any, at: number) => ({
    ...{ name, datatype, shape: shape.map(Number) },
    values: raw.length > 0 ? valuesOf(datatype, raw[at]) : typedValues(datatype, contents),
  }));
}

function typedValues(datatype: string, contents: any): AnsweredTensor['values'] {
  const values: (number | string | boolean | Buffer)[] = contents?.[FIELDS[datatype]!] ?? [];
  return values.map((value) => (Buffer.isBuffer(value) ? value.toString() : value));
}
