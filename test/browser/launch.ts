import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where `chromium` lies on the PATH; Playwright's own downloads are not used. */
function executablePath(): string {
  const paths = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'chromium'));
  const found = paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error('chromium is not on the PATH: apt-get install chromium');
  return found;
}

/** A real browser without a window. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: executablePath(), headless: true, args: FLAGS });
