/**
 * Requests /livez in a separate thread, in which nothing disturbs the measurement. Starts at a message with the
 * address, and stops at one without, to which it replies with the longest time in milliseconds.
 */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';

/** Probes cost the server CPU time, which counts, so there are only a few per picture. */
const PAUSE_MS = 25;

const agent = new Agent({ keepAlive: true });
let asked: string | undefined;
let longestMs = 0;

/** Infinity if the status is not 200. */
function time(url: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve) => {
    request(url, { agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode === 200 ? performance.now() - began : Infinity));
    })
      .on('error', () => resolve(Infinity))
      .end();
  });
}

async function ask(url: string): Promise<void> {
  while (asked === url) {
    longestMs = Math.max(longestMs, await time(url));
    await sleep(PAUSE_MS);
  }
  parentPort!.postMessage(longestMs);
}

parentPort!.on('message', (url: string | undefined) => {
  asked = url;
  if (url === undefined) return;
  longestMs = 0;
  void ask(url);
});
