import { basename, resolve, sep } from 'node:path';

/** A text for callers: paths in this folder, or of this file, no longer say where it is on the machine. */
export function withoutFolder(path: string, text: string): string {
  const whole = resolve(path);
  return text.replaceAll(`${whole}${sep}`, '').replaceAll(whole, basename(whole));
}
