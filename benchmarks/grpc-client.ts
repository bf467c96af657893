/**
 * A closed loop of unary gRPC calls, in a separate process. The parent sends a GrpcOrder, and then `open` and `close`,
 * to which it replies with the answers in between. It ends when its time is up, or on `stop`.
 */
import { Client, credentials } from '@grpc/grpc-js';
import { AnswerWindow } from './answer-window.ts';
import type { GrpcOrder } from './grpc-load.ts';

const window = new AnswerWindow();
let [answers, ended] = [0, false];

const same = (bytes: Buffer): Buffer => bytes;

function caller({ path, requests }: GrpcOrder, client: Client, message: Buffer): void {
  const call = (): void => {
    if (ended) return;
    const begun = performance.now();
    client.makeUnaryRequest(path, same, same, message, (error) => {
      answers += 1;
      if (answers === requests) end();
      window.count(error === null, performance.now() - begun);
      call();
    });
  };
  call();
}

function start(order: GrpcOrder): void {
  const message = Buffer.from(order.message);
  for (let number = 0; number < order.connections; number += 1) {
    const client = new Client(order.address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1, // otherwise all clients share one connection
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
  if (message === 'open') window.open();
  else if (message === 'close') process.send?.(window.close());
  else if (message === 'stop') end();
  else start(message);
});
process.on('disconnect', end);
