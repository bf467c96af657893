import { parseArgs } from 'node:util';
import { settingsHelp } from '#config';
import { check, start } from './start.ts';
import { version } from './version.ts';

/** The container's entry point; `nestor serve` is another way to the same start. */
const { values } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' }, check: { type: 'boolean' } },
});
const FLAGS = '--check loads the models and says whether they would be served. Others: --version, --help.';
if (values.help) process.stdout.write(`${settingsHelp()}\n${FLAGS}\n`);
else if (values.version) process.stdout.write(`${version}\n`);
else if (values.check) await check(process.env);
else await start(process.env);
