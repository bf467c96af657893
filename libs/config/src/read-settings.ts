import { validateSync } from 'class-validator';
import { settingsOf, type Surroundings } from './setting.ts';
import { Settings } from './settings.ts';

/** Lists everything that is wrong with the environment; it names variables and rules, never a value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  /** One sentence per problem, such as "PORT must be a whole number from 0 to 65535". */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings are not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Variables of earlier versions and their replacements: silently ignoring one would remove its limit. */
const RETIRED: Readonly<Record<string, string>> = {
  MAX_QUEUED_ROWS: 'set MAX_QUEUE_MS, the longest time that a request waits, in its place',
  MAX_QUEUED_BYTES: 'set MAX_INFLIGHT_BYTES, the memory of all requests under way, in its place',
};

const KEYS_FILE = 'set API_KEYS_FILE, the path of a file with one key per line, in its place';
/** Variables that can only be meant for a setting that protects the server: silently ignoring one would leave it open. */
const MISTAKEN: Readonly<Record<string, string>> = { API_KEYS: KEYS_FILE, API_KEY_FILE: KEYS_FILE };

/**
 * The settings that an environment gives, validated and frozen. It reads nothing but its arguments. An empty variable
 * counts as unset, as in a ConfigMap whose key has no value.
 *
 * @throws SettingsError with every problem at once
 */
export function readSettings(env: Surroundings['env'], isTerminal = false): Settings {
  const settings = Object.assign(
    new Settings(),
    Object.fromEntries(
      settingsOf(Settings).map(({ field, name, parse, defaultValue }) => {
        const text = env[name];
        return [field, text === undefined || text === '' ? defaultValue({ env, isTerminal }) : parse(text)];
      }),
    ),
  );
  const isSet = ([name]: readonly [string, string]): boolean => (env[name] ?? '') !== '';
  const found = [
    ...Object.entries(RETIRED)
      .filter(isSet)
      .map(([name, instead]) => `${name} is no longer a setting: ${instead}`),
    ...Object.entries(MISTAKEN)
      .filter(isSet)
      .map(([name, instead]) => `${name} is not a setting: ${instead}`),
    ...validateSync(settings).flatMap(({ constraints = {} }) => Object.values(constraints)),
  ];
  if (found.length > 0) throw new SettingsError([...new Set(found)]);
  return Object.freeze(settings);
}
