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
      "Writes a manifest by what the model's file and its answers say and, with --data, what data it was trained on or is " +
        'used with says: names, ranges seen, categories, examples. Titles, units and descriptions are then yours to fill in. ' +
        'A file that does not lie in a model folder yet is copied into one: <name>/1/model.onnx, with <name>/model.json.',
    )
    .argument('<model>', 'an .onnx file or a model folder')
    .option('--data <file>', 'a CSV file with a header and rows as the model takes them')
    .option('--target <column>', 'the column of the data that is predicted, not taken')
    .option('--drop <columns...>', 'columns of the data that the model does not take, such as an id')
    .option('-o, --output <folder>', 'the model folder to make (default: the name of the file)')
    .option('--force', 'replace a manifest that is there')
    .addHelpText(
      'after',
      examples([
        ['nestor init model.onnx', 'from the model alone'],
        ['nestor init houses.onnx --data train.csv --target price', 'with what the training data says'],
        ['nestor init houses.onnx --data train.csv --target price --drop id date', 'without two of its columns'],
      ]),
    )
    .action(async (path: string, options: InitOptions) => {
      const { init } = await import('./init.ts');
      done(await init(path, options));
    });
}
