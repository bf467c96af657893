import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Answers, Extent, Load } from './load.ts';

/** A call that is made over and over. */
export interface GrpcRequest {
  /** Host and port. */
  readonly address: string;
  /** Such as `/inference.GRPCInferenceService/ModelInfer`. */
  readonly path: string;
  readonly message: Uint8Array;
}

/** What the process of the client is told. */
export interface GrpcOrder extends GrpcRequest, Extent {
  readonly connections: number;
  readonly callsEach: number;
}

/** Calls that share one connection: a client's own concurrency. */
const CALLS_EACH = 8;

/** Keeps a number of calls under way, eight on each connection; one counts where its status is OK. */
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
