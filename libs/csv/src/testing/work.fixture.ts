/** The most that a call of a built-in function reads or copies: characters, bytes or items. */
type Cost = (self: any, args: readonly any[], result: any) => number;

const searched: Cost = (self, [, from = 0], found) => (found === -1 ? self.length : found) - from + 1;
const searchedBackwards: Cost = (self, _args, found) => self.length - found;
const whole: Cost = (self) => self.length;
const result: Cost = (_self, _args, made) => made.length;

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** The functions whose work grows with a text. Taking a part of a text or an array is cheap, and counts as one. */
const COUNTED: readonly [object, string, Cost][] = [
  [String.prototype, 'indexOf', searched],
  [String.prototype, 'includes', whole],
  [String.prototype, 'split', whole],
  [String.prototype, 'replaceAll', whole],
  [String.prototype, 'slice', () => 1],
  [Array.prototype, 'join', result],
  [typedArray, 'subarray', () => 1],
  [typedArray, 'indexOf', searched],
  [typedArray, 'lastIndexOf', searchedBackwards],
  [typedArray, 'set', (_self, [source]) => source.length],
  [TextDecoder.prototype, 'decode', (_self, [bytes]) => bytes.length],
];

/** The work of a run in units that do not depend on the machine: how much its built-in functions read and copy. */
export function workOf(run: () => void): number {
  let work = 0;
  const originals = COUNTED.map(([owner, name, cost]) => {
    const original = Object.getOwnPropertyDescriptor(owner, name)!;
    const call = original.value as (...args: any[]) => any;
    Object.defineProperty(owner, name, {
      ...original,
      value(this: any, ...args: any[]) {
        const made = call.apply(this, args);
        work += cost(this, args, made);
        return made;
      },
    });
    return () => Object.defineProperty(owner, name, original);
  });
  try {
    run();
  } finally {
    for (const restore of originals) restore();
  }
  return work;
}
