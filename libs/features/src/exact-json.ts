/** What a value was read from. */
interface Source {
  readonly source?: string;
}

/** What JSON.parse and JSON.stringify of Node 21 and later also know; TypeScript's library does not. */
interface ExactJson {
  readonly parse: (text: string, reviver: (key: string, value: unknown, source: Source) => unknown) => unknown;
  readonly rawJSON: (text: string) => unknown;
}

const { parse, rawJSON } = JSON as unknown as ExactJson;

/** Digits that a double may lose, and no more than the largest whole number of 64 bits has. */
const LONG_INTEGER = /^-?\d{16,20}$/;

/**
 * Parses JSON whose whole numbers keep every digit: those of up to 64 bits that no double holds are bigints, where they are
 * written in digits alone.
 *
 * @throws SyntaxError as JSON.parse does
 */
export function parseExact(text: string): unknown {
  // Where there is no number of so many digits, the text of each need not be asked for.
  return /\d{16}/.test(text) ? parse(text, exact) : JSON.parse(text);
}

const exact = (_key: string, value: unknown, { source }: Source): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && LONG_INTEGER.test(source!) ? BigInt(source!) : value;

/** The JSON of a value whose bigints are written in digits. */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? rawJSON(String(one)) : one));
}
