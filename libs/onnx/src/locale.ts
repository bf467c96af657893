import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The locale that the standard gives to StringNormalizer where a model names none. */
const USUAL = 'en_US.UTF-8';
/** Debian's and Fedora's locale without a language: it has the same upper and lower case as the usual one. */
const WITHOUT_LANGUAGE = '/usr/lib/locale/C.utf8';
/** The runtime's words where a machine lacks a locale. */
export const LACKING_LOCALE = /Failed to construct locale with name:([\w.@-]+)/;

/**
 * Lends the process the usual locale, where the runtime says that it is what lacks: StringNormalizer, which the text models
 * of scikit-learn begin with, asks for it to tell upper case from lower, and slim images have none but C.utf8. glibc looks
 * for locales in the folders that LOCPATH names, each time that one is asked for, and then in its own.
 *
 * @param said the runtime's words
 * @returns whether there is reason to try again
 */
export function lendLocale(said: string): boolean {
  const lacking = LACKING_LOCALE.exec(said)?.[1];
  if (lacking !== USUAL || process.env['LOCPATH'] !== undefined || !existsSync(WITHOUT_LANGUAGE)) return false;
  try {
    const folder = mkdtempSync(join(tmpdir(), 'nestor-locale-'));
    symlinkSync(WITHOUT_LANGUAGE, join(folder, USUAL));
    process.env['LOCPATH'] = folder;
    return true;
  } catch {
    // Nothing can be written here: what lacks is told to the user.
    return false;
  }
}
