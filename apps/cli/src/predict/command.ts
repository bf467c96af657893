import { Command } from 'commander';
import type { Done } from '../exit.ts';
import { examples } from '../help.ts';

export interface PredictOptions {
  readonly input: string;
  readonly output: string;
  readonly errors?: string;
  readonly strict?: boolean;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function predictCommand(done: Done): Command {
  return new Command('predict')
    .summary('label a file of data, or a folder of pictures')
    .description(
      'Predicts every row of a CSV, JSON Lines or Parquet file, or every picture of a folder, without a server and in constant ' +
        'memory. The output has all columns of the input and the prediction (and the probabilities of a classifier) ' +
        'beside them, row by row. Of a model that detects objects, it has a line for each object. A row that the model does not take is left without a prediction and reported in ' +
        'a file of its own. The output has its name only once it is whole: until then it is called <output>.partial.',
    )
    .argument('<model>', 'an .onnx file or a model folder')
    .requiredOption('-i, --input <path>', 'a .csv, .jsonl, .ndjson or .parquet file, or a folder of pictures')
    .requiredOption(
      '-o, --output <file>',
      'the file to write: .csv, or the ending of the input for JSON Lines and Parquet; - for standard output',
    )
    .option('--errors <file>', 'where rows that could not be predicted are reported (default: <output>.errors.csv)')
    .option('--strict', 'stop at the first such row')
    .option('--resume', 'go on where an earlier run of the same command ended')
    .option('--force', 'replace an output, or what an earlier run left of it')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      examples([
        ['nestor predict models/housing -i houses.csv -o labelled.csv', 'all houses of a file'],
        ['nestor predict model.onnx -i rows.jsonl -o labelled.jsonl --strict', 'all or nothing'],
        ['nestor predict models/housing -i houses.parquet -o labelled.parquet', 'Parquet in, Parquet out'],
        ['nestor predict models/housing -i houses.csv -o - | head', 'to standard output'],
        ['nestor predict models/housing -i houses.csv -o labelled.csv --resume', 'after an interruption'],
        ['nestor predict models/digits -i scans/ -o digits.csv', 'every picture below a folder'],
        ['nestor predict yolo11n.onnx -i street/ -o objects.csv', 'the objects of every picture'],
      ]),
    )
    .action(async (path: string, options: PredictOptions) => {
      const { predict } = await import('./predict.ts');
      done(await predict(path, options));
    });
}
