import { type Setting, settingsOf } from './setting.ts';
import { Settings } from './settings.ts';

/** Every setting, in the order of the documentation. */
export const SETTINGS: readonly Setting[] = settingsOf(Settings);

/** The settings as a Markdown table, for `docs/settings.md`. */
export function settingsTable(): string {
  const rows = SETTINGS.map(
    ({ name, defaultText, unit, rule, description }) =>
      `| \`${name}\` | ${defaultText} | ${unit ?? ''} | ${rule} | ${description} |`,
  );
  return ['| Variable | Default | Unit | Value | What it does |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** What `--help` prints. */
export function settingsHelp(): string {
  const width = Math.max(...SETTINGS.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 4);
  const entries = SETTINGS.map(({ name, description, rule, defaultText }) =>
    `  ${name.padEnd(width)}  ${description}\n${indent}${rule}; default: ${defaultText}\n`.replaceAll('`', ''),
  );
  return `Nestor serves ONNX models over HTTP and gRPC. Every setting is an environment variable:\n\n${entries.join('')}`;
}
