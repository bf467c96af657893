/** Longer names are compared without case and punctuation only. */
const LONGEST = 128;

/** How many pairs of names one request may compare by their letters. Otherwise, it could keep the event loop busy. */
export class Comparisons {
  left = 2 ** 18;
}

interface Named {
  readonly name: string;
  readonly letters: string;
  readonly digits: string;
}

/** A model's names, to find the one that was probably meant by one that is nearly the same. */
export class NearNames {
  readonly #byLetters = new Map<string, string[]>();
  readonly #byLength = new Map<number, Named[]>();

  constructor(names: Iterable<string>) {
    for (const name of names) {
      const letters = lettersOf(name);
      if (letters === '') continue;
      add(this.#byLetters, letters, name);
      if (letters.length <= LONGEST) add(this.#byLength, letters.length, { name, letters, digits: digitsOf(letters) });
    }
  }

  /**
   * The name that differs from a given one only in case, blanks, `_`, `-` and `.`, or else by the fewest edits: at most
   * one in 4 to 7 letters, and two in longer names. Names whose digits differ, such as lag_1 and lag_2, mean different
   * things.
   *
   * @param present names that are not meant, because they are there themselves
   */
  nearest(given: string, present: ReadonlySet<unknown>, comparisons: Comparisons): string | undefined {
    const letters = lettersOf(given);
    const same = this.#byLetters.get(letters)?.find((name) => !present.has(name));
    if (same !== undefined || letters.length > LONGEST) return same;
    const digits = digitsOf(letters);
    for (let edits = 1; edits <= 2; edits += 1) {
      for (let length = letters.length - edits; length <= letters.length + edits; length += 1) {
        if (edits > editsIn(length)) continue;
        for (const other of this.#byLength.get(length) ?? []) {
          if (comparisons.left === 0) return undefined;
          comparisons.left -= 1;
          if (other.digits !== digits || !areWithin(edits, letters, 0, other.letters, 0)) continue;
          if (!present.has(other.name)) return other.name;
        }
      }
    }
    return undefined;
  }

  /** The first name that differs from a given one only in case and punctuation, whether it is there or not. */
  alike(given: string): string | undefined {
    return this.#byLetters.get(lettersOf(given))?.[0];
  }
}

function add<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
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
