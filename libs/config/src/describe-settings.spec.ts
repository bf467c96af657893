import { describe, expect, it } from '@jest/globals';
import { readSettings, SETTINGS, settingsHelp, settingsTable } from '#config';

describe('the description of the settings', () => {
  it('covers every field that is read, once', () => {
    const fields = SETTINGS.map(({ field }) => field);
    expect(fields.toSorted()).toEqual(Object.keys(readSettings({})).toSorted());
    expect(new Set(SETTINGS.map(({ name }) => name)).size).toBe(SETTINGS.length);
  });

  it('gives each setting its row in the table and its entry in the help', () => {
    const rows = settingsTable().split('\n').slice(2);
    const entries = settingsHelp()
      .split('\n')
      .filter((line) => /^ {2}\S/.test(line));
    expect(rows.map((row) => row.split('`')[1])).toEqual(SETTINGS.map(({ name }) => name));
    expect(entries.map((line) => line.trim().split(' ')[0])).toEqual(SETTINGS.map(({ name }) => name));
  });

  it('has no cell that breaks the table', () => {
    for (const row of settingsTable().split('\n')) expect(row.split('|')).toHaveLength(7);
  });

  it('shows defaults that the rules accept', () => {
    const env = Object.fromEntries(
      SETTINGS.flatMap(({ name, defaultText }) => {
        const value = /^`([^`]*)`$/.exec(defaultText)?.[1];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    expect(Object.keys(env)).toContain('PORT');
    expect(readSettings(env)).toEqual(readSettings({}));
  });
});
