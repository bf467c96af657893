import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Identifies a file and its content: changes whenever the file changes or is replaced. */
export async function identityOf(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path);
  return `${resolve(path)} ${ino} ${size} ${mtimeMs}`;
}
