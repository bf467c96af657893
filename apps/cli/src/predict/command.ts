import { Command } from 'commander';
import type { Done } from '../exit.ts';
import { examples } from '../help.ts';

export interface PredictOptions {
  readonly input: string;
  readonly output: string;
  readonly modelVersion?: string;
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
        'memory. The output has the columns of the input, and beside them the prediction (and the probabilities of a ' +
        'classifier). An object detector writes one line per object. A row that the model rejects gets no prediction, and a ' +
        'separate file reports it. Until the output is complete, its name is <output>.partial.',
    )
    .argument('<model>', 'an .onnx file or a model folder')
    .requiredOption('-i, --input <path>', 'a .csv, .jsonl, .ndjson or .parquet file, or a folder of pictures')
    .requiredOption(
      '-o, --output <file>',
      'the file to write: .csv, or the extension of a JSON Lines or Parquet input; - for standard output',
    )
    .option('--model-version <n>', 'the version of the model, one of those that it serves (default: the latest)')
    .option('--errors <file>', 'the file that reports rows without a prediction (default: <output>.errors.csv)')
    .option('--strict', 'stop at the first such row')
    .option('--resume', 'continue where an earlier run of the same command ended')
    .option('--force', 'replace an existing output, or what an earlier run left')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      examples([
        ['nestor predict models/housing -i houses.csv -o labelled.csv', 'every row of a file'],
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
