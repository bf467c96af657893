import { basename, resolve, sep } from 'node:path';

/** A text for callers, with paths relative to this folder or file, so that it does not show the place on disk. */
export function withoutFolder(path: string, text: string): string {
  const whole = resolve(path);
  return text.replaceAll(`${whole}${sep}`, '').replaceAll(whole, basename(whole));
}
