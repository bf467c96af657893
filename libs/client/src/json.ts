/** What a value was read from. */
interface SourceText {
  readonly source?: string;
}

/** A list of rows, pictures as base64. A bigint is no value of a row: it goes as a text, and is refused as one. */
export function rowsText(rows: readonly unknown[]): string {
  return JSON.stringify(rows.map(pictureAsText), (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
}

const pictureAsText = (row: unknown): unknown =>
  row instanceof Uint8Array ? { b64: Buffer.from(row.buffer, row.byteOffset, row.byteLength).toString('base64') } : row;

/** What a server answers. Integers of more digits than a number holds are bigints, as those of a model in this process are. */
export function parseAnswer(text: string): unknown {
  // Who has no number of so many digits need not ask for the text of each.
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const exact = (_key: string, value: unknown, { source = '' }: SourceText): unknown =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? BigInt(source) : value;
  return JSON.parse(text, exact as (key: string, value: unknown) => unknown);
}
