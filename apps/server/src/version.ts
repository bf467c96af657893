import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version in the package.json above the running file: that of the repository, the image or the package. */
export const version: string = readVersion(import.meta.dirname);

/** The oldest Node that runs the command line lacks `findPackageJSON`. */
function readVersion(folder: string): string {
  const path = join(folder, 'package.json');
  if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  if (dirname(folder) === folder) throw new Error('The package.json of Nestor is missing above its code.');
  return readVersion(dirname(folder));
}
