import { Command } from 'commander';
import type { Done } from '../exit.ts';
import { examples } from '../help.ts';

export interface ValidateOptions {
  readonly json?: true;
}

export function validateCommand(done: Done): Command {
  return new Command('validate')
    .summary('check every model of a repository, for CI')
    .description(
      'Checks the manifest of every model, loads each version that would be served, and tests its batching. Compares its ' +
        "predictions with the training framework's, if training/golden.json has them. The exit code is 1 if anything is wrong.",
    )
    .argument('<repository>', 'a folder of models, a model folder or an .onnx file')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples([
        ['nestor validate models', 'before you ship models'],
        [
          "nestor validate models --json | jq -r '.models[] | select(.problems != []).name'",
          'list the models with problems',
        ],
      ]),
    )
    .action(async (path: string, options: ValidateOptions) => {
      const { validate } = await import('./validate.ts');
      done(await validate(path, options));
    });
}
