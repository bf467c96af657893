import { Command } from 'commander';
import type { Done } from '../exit.ts';
import { examples } from '../help.ts';

export interface InspectOptions {
  readonly json?: true;
}

export function inspectCommand(done: Done): Command {
  return new Command('inspect')
    .summary('show what a model takes and answers, how fast it runs and what stands in its way')
    .description(
      'Loads a model as the server would, and shows its signature, origin, features, how its rows share ' +
        'runs, where they run, and what they cost. Says what cannot be served and how to export it anew (exit code 1).',
    )
    .argument('<model>', 'an .onnx file or a model folder')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples([
        ['nestor inspect model.onnx', 'a file that somebody sent'],
        ["nestor inspect models/housing --json | jq '.timings.msPerRow'", 'what a row costs, for a program'],
      ]),
    )
    .action(async (path: string, options: InspectOptions) => {
      const { inspect } = await import('./inspect.ts');
      done(await inspect(path, options));
    });
}
