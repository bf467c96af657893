import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version in the package.json that the running file belongs to: the repository's, the image's or the package's. */
export const version: string = readVersion();

function readVersion(): string {
  const path = findPackageJSON('..', import.meta.url);
  if (path === undefined) throw new Error('The package.json of Nestor is missing beside its code.');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
