import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutMark } from '#csv';

const NAMES = ['CARD.md', 'README.md'];
/** More than anyone reads about one model. */
const MOST_BYTES = 64 * 1024;

/** The author's description of a model in Markdown: `CARD.md` or else `README.md` in its folder, up to a limit. */
export async function readCard(folder: string): Promise<string | undefined> {
  for (const name of NAMES) {
    const text = await startOf(join(folder, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The start of a file; undefined if no file can be read. */
async function startOf(path: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES + 1), 0, MOST_BYTES + 1, 0);
    const text = withoutMark(buffer.toString('utf8', 0, Math.min(bytesRead, MOST_BYTES)));
    return bytesRead <= MOST_BYTES ? text : `${text.slice(0, text.lastIndexOf('\n') + 1)}\n…\n`;
  } finally {
    await file.close();
  }
}
