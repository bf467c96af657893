/**
 * Measures calls of the library and of a hand-written session in turns, with callers in the same process that call
 * again as soon as they have an answer. Prints microseconds per call as JSON.
 */
import { COLUMNS, type House, predictBatched } from '../servers/session.ts';
import { HOUSE, importLibrary } from './library.ts';

const CALLERS = 64;
const TURNS = 20;
const CALLS_A_TURN = 64_000;
const KNOWN = new Set<string>(COLUMNS);
/** The limit of float32. */
const LARGEST = 3.4028235677973366e38;

/**
 * The engine's checks of a row, written by hand: each column is a number that float32 holds, and there is no other key.
 */
function check(house: House): void {
  let known = 0;
  for (const column of COLUMNS) {
    const value: unknown = house[column];
    if (typeof value !== 'number' || !(Math.abs(value) < LARGEST)) throw new Error(`${column} is ${String(value)}`);
    known += 1;
  }
  const keys = Object.keys(house);
  if (keys.length !== known) throw new Error(`unknown: ${keys.filter((key) => !KNOWN.has(key)).join()}`);
}

async function byHand(house: House): Promise<{ prediction: number }> {
  check(house);
  const [prediction] = await predictBatched([house]);
  return { prediction: prediction! };
}

/** @returns microseconds per call */
async function turn(predict: (house: House) => Promise<unknown>): Promise<number> {
  let left = CALLS_A_TURN;
  const began = performance.now();
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await predict(HOUSE);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return ((performance.now() - began) * 1000) / CALLS_A_TURN;
}

const { openModel } = await importLibrary();
const housing = await openModel<House>('models/housing', { execution: 'inline' });
const contenders = { library: (house: House) => housing.predict(house), byHand };
const turns: Record<keyof typeof contenders, number[]> = { library: [], byHand: [] };
for (const predict of Object.values(contenders)) await turn(predict);
for (let at = 0; at < TURNS; at += 1) {
  for (const name of ['library', 'byHand'] as const) turns[name].push(await turn(contenders[name]));
}
await housing.close();
console.log(JSON.stringify(turns));
