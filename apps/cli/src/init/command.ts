import { Command } from 'commander';
import type { Done } from '../exit.ts';
import { examples } from '../help.ts';

export interface InitOptions {
  readonly data?: string;
  readonly target?: string;
  readonly drop?: readonly string[];
  readonly output?: string;
  readonly force?: boolean;
}

export function initCommand(done: Done): Command {
  return new Command('init')
    .summary('write a manifest (model.json) to start from')
    .description(
      "Writes a manifest from the model's file and outputs. With --data, takes names, ranges, categories and examples from a " +
        'file of training or production data. You then add titles, units and descriptions. ' +
        'Copies a file that is not in a model folder into a new one: <name>/1/model.onnx, beside <name>/model.json.',
    )
    .argument('<model>', 'an .onnx file or a model folder')
    .option('--data <file>', 'a CSV file with a header and the columns that the model takes')
    .option('--target <column>', 'the column that the model predicts')
    .option('--drop <columns...>', 'columns that the model does not take, such as an id')
    .option('-o, --output <folder>', 'the model folder to create (default: named after the file)')
    .option('--force', 'replace an existing manifest')
    .addHelpText(
      'after',
      examples([
        ['nestor init model.onnx', 'from the model alone'],
        [
          'nestor init houses.onnx --data train.csv --target price',
          "with the training data's names, ranges and examples",
        ],
        ['nestor init houses.onnx --data train.csv --target price --drop id date', 'without two of its columns'],
      ]),
    )
    .action(async (path: string, options: InitOptions) => {
      const { init } = await import('./init.ts');
      done(await init(path, options));
    });
}
