/**
 * Opens, uses and closes a model many times, to find leaks. Prints megabytes after each hundred cycles, and open
 * handles, as JSON.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { HOUSE, importLibrary } from './library.ts';

/** A thousand to measure, after a thousand in which the allocator settles. */
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
  // Uncollected garbage is not a leak.
  gc!();
  rssMegabytes.push(process.memoryUsage.rss() / 1e6);
}
// By then, the answer's own turn of the event loop is over.
await turn();
console.log(JSON.stringify({ before, after: process.getActiveResourcesInfo(), rssMegabytes }));
