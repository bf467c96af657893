import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version in the package.json that the running file belongs to: the repository's, the image's or the package's. */
export const version: string = readVersion(import.meta.dirname);

/** Node's own `findPackageJSON` is younger than the oldest Node that runs the command line. */
function readVersion(folder: string): string {
  const path = join(folder, 'package.json');
  if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  if (dirname(folder) === folder) throw new Error('The package.json of Nestor is missing above its code.');
  return readVersion(dirname(folder));
}
