import { Command } from 'commander';
import type { Done } from '../exit.ts';
import { examples } from '../help.ts';

export interface TypesOptions {
  readonly out: string;
  readonly check?: true;
}

export function typesCommand(done: Done): Command {
  return new Command('types')
    .summary("write a model's types for programs that predict with it")
    .description(
      'Writes a TypeScript file with the type of a row, the type of an answer, and a schema that judges rows as the model ' +
        'does. A program imports it beside the library of this package; it loads no model.',
    )
    .argument('<model>', 'an .onnx file or a model folder')
    .requiredOption('-o, --out <file>', 'the file to write')
    .option('--check', 'write nothing, and fail where the file is not current (for CI)')
    .addHelpText(
      'after',
      examples([
        ['nestor types models/housing --out src/housing.ts', 'what a program imports'],
        ['nestor types models/housing --out src/housing.ts --check', 'in CI: does it still fit the model?'],
      ]),
    )
    .action(async (path: string, options: TypesOptions) => {
      const { writeTypes } = await import('./write-types.ts');
      done(await writeTypes(path, options));
    });
}
