/**
 * Measures another route of the application while a model with runs of 20 ms works at full load. Prints milliseconds of
 * each request as JSON.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { importLibrary } from './library.ts';

const RUN_MS = 20;
const SECONDS = 20;
const CALLERS = 8;
/** The pause between two requests of the other route. */
const PAUSE_MS = 5;
/** As for the server, one CPU is left to the event loop and the client. */
const WORKERS = Math.max(1, availableParallelism() - 1);

const { openModel } = await importLibrary();
const slow = await openModel('test/models/slow', { execution: 'pool', workers: WORKERS, maxQueueMs: 60_000 });
const timed = async (milliseconds: number): Promise<number> => {
  const began = performance.now();
  await slow.predict({ milliseconds });
  return performance.now() - began;
};
await timed(RUN_MS);
/** How much work takes this machine that long. */
const milliseconds = Math.max(1, Math.round((RUN_MS * RUN_MS) / (await timed(RUN_MS))));

const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

let going = true;
let runs = 0;
const ask = async (): Promise<void> => {
  for (; going; runs += 1) await slow.predict({ milliseconds });
};
const callers = Array.from({ length: CALLERS }, ask);
const latenciesMs: number[] = [];
const ends = performance.now() + SECONDS * 1000;
while (performance.now() < ends) {
  const began = performance.now();
  await (await fetch(`http://127.0.0.1:${port}`)).text();
  latenciesMs.push(performance.now() - began);
  await delay(PAUSE_MS);
}
going = false;
await Promise.all(callers);
await slow.close();
server.close();
server.closeAllConnections();
console.log(JSON.stringify({ latenciesMs, runs, runMs: (SECONDS * 1000 * WORKERS) / runs }));
