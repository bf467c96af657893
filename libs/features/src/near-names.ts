/** Longer names are compared without case and punctuation only. */
const LONGEST = 128;
/** How many pairs of names to compare by their letters. Otherwise, a long header could keep the event loop busy. */
const MOST_PAIRS = 2 ** 18;

interface Named {
  readonly name: string;
  readonly letters: string;
  readonly digits: string;
}

/** Finds the name that was probably meant by one that is nearly the same. */
export class NearNames {
  readonly #byLetters = new Map<string, string>();
  readonly #byLength = new Map<number, Named[]>();
  #pairsLeft = MOST_PAIRS;

  constructor(names: Iterable<string>) {
    for (const name of names) {
      const letters = lettersOf(name);
      if (letters === '' || this.#byLetters.has(letters)) continue;
      this.#byLetters.set(letters, name);
      if (letters.length > LONGEST) continue;
      const named = { name, letters, digits: digitsOf(letters) };
      const same = this.#byLength.get(letters.length);
      if (same === undefined) this.#byLength.set(letters.length, [named]);
      else same.push(named);
    }
  }

  /**
   * The name that differs from a given one only in case, blanks, `_`, `-` and `.`, or else by the fewest edits: at most
   * one in 4 to 7 letters, and two in longer names. Names whose digits differ, such as lag_1 and lag_2, mean different
   * things.
   */
  nearest(given: string): string | undefined {
    if (this.#byLetters.size === 0) return undefined;
    const letters = lettersOf(given);
    const same = this.#byLetters.get(letters);
    if (same !== undefined || letters.length > LONGEST) return same;
    const digits = digitsOf(letters);
    for (let edits = 1; edits <= 2; edits += 1) {
      for (let length = letters.length - edits; length <= letters.length + edits; length += 1) {
        if (edits > editsIn(length)) continue;
        for (const other of this.#byLength.get(length) ?? []) {
          if (this.#pairsLeft === 0) return undefined;
          this.#pairsLeft -= 1;
          if (other.digits === digits && areWithin(edits, letters, 0, other.letters, 0)) return other.name;
        }
      }
    }
    return undefined;
  }
}

/** A name without case, blanks and the punctuation that joins words. */
export const lettersOf = (name: string): string => name.toLowerCase().replace(/[\s_.-]/gu, '');

const digitsOf = (letters: string): string => letters.replace(/\P{Nd}/gu, '');

/** How many edits may separate a misspelt name from one of this length. */
const editsIn = (length: number): number => (length < 4 ? 0 : length < 8 ? 1 : 2);

/** Whether so many insertions, deletions, replacements and swaps of neighbours turn the rest of one text into that of another. */
function areWithin(edits: number, one: string, from: number, other: string, to: number): boolean {
  let at = from;
  let place = to;
  while (at < one.length && one[at] === other[place]) {
    at += 1;
    place += 1;
  }
  const left = one.length - at;
  const right = other.length - place;
  if (Math.abs(left - right) > edits) return false;
  if (Math.max(left, right) <= edits) return true;
  if (edits === 0) return false;
  const isSwapped = left > 1 && right > 1 && one[at] === other[place + 1] && one[at + 1] === other[place];
  return (
    areWithin(edits - 1, one, at + 1, other, place + 1) ||
    areWithin(edits - 1, one, at + 1, other, place) ||
    areWithin(edits - 1, one, at, other, place + 1) ||
    (isSwapped && areWithin(edits - 1, one, at + 2, other, place + 2))
  );
}
