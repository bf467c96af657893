import { parseArgs } from 'node:util';
import { check, start } from './start.ts';

/** The container's entry point; `nestor serve` is another way to the same start. */
const { values } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' }, check: { type: 'boolean' } },
});
if (values.help) {
  const { settingsHelp } = await import('#config');
  process.stdout.write(`${settingsHelp()}\n`);
  process.stdout.write(
    '--check loads the models and reports whether they can be served. Other options: --version, --help.\n',
  );
} else if (values.version) {
  const { version } = await import('./version.ts');
  process.stdout.write(`${version}\n`);
} else if (values.check) await check(process.env);
else await start(process.env);
