import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Another text whenever a file is another one, or was changed. */
export async function identityOf(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path);
  return `${resolve(path)} ${ino} ${size} ${mtimeMs}`;
}
