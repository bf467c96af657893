import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { afterEach } from '@jest/globals';
import { GrpcServer } from '../apps/server/src/open-inference/grpc/grpc-server.ts';
import { methodOf, SERVICE } from './grpc-service.ts';
import type { Served } from './serve.ts';

export { methodOf, SERVICE };

const clients: Client[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** A client of a server's gRPC port, which is closed after the test. */
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
  async call(name: string, request: object = {}, metadata?: Metadata, options?: object): Promise<any> {
    const { requestSerialize, responseDeserialize } = methodOf(name);
    return responseDeserialize(await this.send(name, requestSerialize(request), metadata, options));
  }

  /** Calls a method with whatever bytes. */
  send(name: string, bytes: Uint8Array, metadata?: Metadata, options?: object): Promise<Buffer> {
    return this.sendTo(`/${SERVICE}/${name}`, bytes, metadata, options);
  }

  /** Calls a method of any service with whatever bytes. */
  sendTo(path: string, bytes: Uint8Array, metadata = new Metadata(), options: object = {}): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: Buffer) => (error ? reject(error) : resolve(answer!));
      this.client.makeUnaryRequest(path, same, same, Buffer.from(bytes), metadata, options, done);
    });
  }

  stream(metadata = new Metadata()) {
    const { requestSerialize, responseDeserialize } = methodOf('ModelStreamInfer');
    return this.client.makeBidiStreamRequest(
      `/${SERVICE}/ModelStreamInfer`,
      requestSerialize,
      responseDeserialize,
      metadata,
    );
  }
}

const same = (bytes: Buffer) => bytes;

export const clientOf = ({ app }: Served): GrpcClient => new GrpcClient(app.get(GrpcServer, { strict: false }).address);

export function metadataOf(entries: Record<string, string>): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(entries)) metadata.set(key, value);
  return metadata;
}
