/** The source of a value. */
interface Source {
  readonly source?: string;
}

/** Features of JSON.parse and JSON.stringify from Node 21 on that TypeScript's library lacks. */
interface ExactJson {
  readonly parse: (text: string, reviver: (key: string, value: unknown, source: Source) => unknown) => unknown;
  readonly rawJSON: (text: string) => unknown;
}

const { parse, rawJSON } = JSON as unknown as ExactJson;

/** Numbers with digits that a double may lose, up to the length of the largest 64-bit whole number. */
const LONG_INTEGER = /^-?\d{16,20}$/;

/**
 * Parses JSON so that whole numbers keep every digit. A number of up to 64 bits that a double cannot hold becomes a
 * bigint if it is written only in digits.
 *
 * @throws SyntaxError as JSON.parse does
 */
export function parseExact(text: string): unknown {
  // Without a number of so many digits, the slower reviver is not needed.
  return /\d{16}/.test(text) ? parse(text, exact) : JSON.parse(text);
}

const exact = (_key: string, value: unknown, { source }: Source): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && LONG_INTEGER.test(source!) ? BigInt(source!) : value;

/** The JSON of a value, with bigints as digits. */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? rawJSON(String(one)) : one));
}
