import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Answers, Extent, Load } from './load.ts';

/** The call to repeat. */
export interface GrpcRequest {
  /** Host and port. */
  readonly address: string;
  /** Such as `/inference.GRPCInferenceService/ModelInfer`. */
  readonly path: string;
  readonly message: Uint8Array;
}

/** The order for the client's process. */
export interface GrpcOrder extends GrpcRequest, Extent {
  readonly connections: number;
  readonly callsEach: number;
}

/** How many calls share one connection. */
const CALLS_EACH = 8;

/** Keeps a number of calls in flight, eight on each connection. A call counts if its status is OK. */
export function startGrpcLoad(request: GrpcRequest, calls: number, extent: Extent): Load {
  const callsEach = Math.min(calls, CALLS_EACH);
  const client = fork(new URL('grpc-client.ts', import.meta.url), { serialization: 'advanced' });
  const order: GrpcOrder = { ...request, ...extent, callsEach, connections: calls / callsEach };
  client.send(order);
  return {
    finished: once(client, 'exit'),
    open: () => client.send('open'),
    close: async () => {
      const answer = once(client, 'message') as Promise<[Answers]>;
      client.send('close');
      return (await answer)[0];
    },
    stop: () => client.send('stop'),
  };
}
