import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { afterEach } from '@jest/globals';
import { methods, SERVICE } from '../apps/server/src/open-inference/grpc/interface.ts';
import { GrpcServer } from '../apps/server/src/open-inference/grpc/grpc-server.ts';
import type { Served } from './serve.ts';

const clients: Client[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** A client of the service, as any stub made from the .proto would be. */
export class GrpcClient {
  readonly client: Client;

  constructor(address: string) {
    this.client = new Client(address, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.use_local_subchannel_pool': 1,
    });
    clients.push(this.client);
  }

  /** Calls a method; rejects with the ServiceError of any status but OK. */
  call(name: string, request: object = {}, metadata?: Metadata, options: object = {}): Promise<any> {
    const method = methods[name]!;
    return this.send(name, method.requestSerialize(request), metadata, options).then(method.responseDeserialize);
  }

  /** Calls a method with whatever bytes. */
  send(name: string, bytes: Buffer, metadata = new Metadata(), options: object = {}): Promise<Buffer> {
    return unary(this.client, `/${SERVICE}/${name}`, bytes, metadata, options);
  }

  stream(metadata = new Metadata()) {
    const { requestSerialize, responseDeserialize } = methods['ModelStreamInfer']!;
    const path = `/${SERVICE}/ModelStreamInfer`;
    return this.client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
  }
}

export const clientOf = ({ app }: Served) => new GrpcClient(app.get(GrpcServer, { strict: false }).address);

export function unary(client: Client, path: string, bytes: Buffer, metadata = new Metadata(), options: object = {}) {
  return new Promise<Buffer>((resolve, reject) => {
    const done = (error: ServiceError | null, answer?: Buffer) => (error ? reject(error) : resolve(answer!));
    client.makeUnaryRequest(path, same, same, bytes, metadata, options, done);
  });
}

const same = (bytes: Buffer) => bytes;
