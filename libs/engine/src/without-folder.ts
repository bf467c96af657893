import { basename, resolve, sep } from 'node:path';

/**
 * A text for callers: where it names what lies in this folder, or this file, it says no more of where that is on the
 * machine.
 */
export function withoutFolder(path: string, text: string): string {
  const whole = resolve(path);
  return text.replaceAll(`${whole}${sep}`, '').replaceAll(whole, basename(whole));
}
