import { Command } from 'commander';
import type { Done } from '../exit.ts';
import { examples } from '../help.ts';

export interface TypesOptions {
  readonly out: string;
  readonly check?: true;
}

export function typesCommand(done: Done): Command {
  return new Command('types')
    .summary("write a model's types for TypeScript programs")
    .description(
      'Writes a TypeScript file with the type of a row, the type of a prediction, and a schema that checks rows as the ' +
        "model does. A program imports the file beside this package's library. The file loads no model.",
    )
    .argument('<model>', 'an .onnx file or a model folder')
    .requiredOption('-o, --out <file>', 'the file to write')
    .option('--check', 'write nothing, and fail if the file is not up to date (for CI)')
    .addHelpText(
      'after',
      examples([
        ['nestor types models/housing --out src/housing.ts', 'write a file for a program to import'],
        ['nestor types models/housing --out src/housing.ts --check', 'check in CI that it still fits the model'],
      ]),
    )
    .action(async (path: string, options: TypesOptions) => {
      const { writeTypes } = await import('./write-types.ts');
      done(await writeTypes(path, options));
    });
}
