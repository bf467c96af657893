/**
 * A closed loop of unary gRPC calls, in a process of its own: whoever forked it sends it a GrpcOrder, and then `open` and
 * `close`, which it answers with what came between them. It ends when its time is up, or when it is told `stop`.
 */
import { Client, credentials } from '@grpc/grpc-js';
import type { GrpcOrder } from './grpc-load.ts';

const latenciesMs: number[] = [];
let [open, failed, answers, ended] = [false, 0, 0, false];

const same = (bytes: Buffer): Buffer => bytes;

function caller({ path, requests }: GrpcOrder, client: Client, message: Buffer): void {
  const call = (): void => {
    if (ended) return;
    const begun = performance.now();
    client.makeUnaryRequest(path, same, same, message, (error) => {
      answers += 1;
      if (answers === requests) end();
      if (open && error === null) latenciesMs.push(performance.now() - begun);
      else if (open) failed += 1;
      call();
    });
  };
  call();
}

function start(order: GrpcOrder): void {
  const message = Buffer.from(order.message);
  for (let number = 0; number < order.connections; number += 1) {
    const client = new Client(order.address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1, // else all clients share one connection
      'grpc.max_send_message_length': -1,
      'grpc.max_receive_message_length': -1,
    });
    for (let calls = 0; calls < order.callsEach; calls += 1) caller(order, client, message);
  }
  setTimeout(end, order.seconds * 1000);
}

function end(): void {
  ended = true;
  process.exit();
}

process.on('message', (message: GrpcOrder | 'open' | 'close' | 'stop') => {
  if (message === 'open') open = true;
  else if (message === 'close') {
    open = false;
    process.send?.({ latenciesMs, failed });
  } else if (message === 'stop') end();
  else start(message);
});
process.on('disconnect', end);
