import { exactJson } from '#features';

/** A list of rows, pictures as base64. */
export const rowsText = (rows: readonly unknown[]): string => exactJson(rows.map(pictureAsText));

const pictureAsText = (row: unknown): unknown =>
  row instanceof Uint8Array ? { b64: Buffer.from(row.buffer, row.byteOffset, row.byteLength).toString('base64') } : row;
