/**
 * What is left behind when a model is opened, asked and closed many times: megabytes after
 * each hundred, and handles. Prints JSON.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { HOUSE, importLibrary } from './library.ts';

/** A thousand, once a thousand have settled the allocator. */
const CYCLES = 2000;
/** Cycles after which memory is read. */
const EVERY = 100;

const { openModel } = await importLibrary();
const cycle = async (): Promise<void> => {
  const housing = await openModel('models/housing');
  await housing.predict(HOUSE);
  await housing.close();
};
await cycle();
const before = process.getActiveResourcesInfo();
const rssMegabytes: number[] = [];
for (let at = 1; at <= CYCLES; at += 1) {
  await cycle();
  if (at % EVERY > 0) continue;
  // What is only not collected yet is not left behind.
  gc!();
  rssMegabytes.push(process.memoryUsage.rss() / 1e6);
}
// An answer's own turn of the event loop is over then.
await turn();
console.log(JSON.stringify({ before, after: process.getActiveResourcesInfo(), rssMegabytes }));
