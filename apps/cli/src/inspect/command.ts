import { Command } from 'commander';
import type { Done } from '../exit.ts';
import { examples } from '../help.ts';

export interface InspectOptions {
  readonly json?: true;
}

export function inspectCommand(done: Done): Command {
  return new Command('inspect')
    .summary("show a model's inputs and outputs, how fast it runs and what to improve")
    .description(
      'Loads a model as the server would, and shows its signature, origin and features, how its rows are batched, where they ' +
        'run and how long they take. If the model cannot be served, says why and how to export it again (exit code 1).',
    )
    .argument('<model>', 'an .onnx file or a model folder')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples([
        ['nestor inspect model.onnx', 'a file that somebody sent you'],
        ["nestor inspect models/housing --json | jq '.timings.msPerRow'", 'the time per row, for a script'],
      ]),
    )
    .action(async (path: string, options: InspectOptions) => {
      const { inspect } = await import('./inspect.ts');
      done(await inspect(path, options));
    });
}
