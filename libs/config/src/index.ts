export { SETTINGS, settingsHelp, settingsTable } from './describe-settings.ts';
export { readSettings, SettingsError } from './read-settings.ts';
export { type Setting } from './setting.ts';
export { Settings } from './settings.ts';
