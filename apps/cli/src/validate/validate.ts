import { dirname, extname, join } from 'node:path';
import { UNSERVED } from '#engine';
import type { FoundModel } from '#models';
import { EXIT, type ExitCode, sentenceOf } from '../exit.ts';
import { modelsAt, openModel } from '../models.ts';
import { columns, heading, styled } from '../terminal.ts';
import type { ValidateOptions } from './command.ts';
import { compareWithGolden } from './golden.ts';

/** The result for one model. */
interface Verdict {
  readonly name: string;
  readonly version?: string;
  /** The kind of its rows; `rowsReason` says how Nestor knows. */
  readonly rows?: string;
  readonly rowsReason?: string;
  /** How many rows were compared with the training framework's predictions; absent without a golden file. */
  readonly goldenRows?: number;
  /** Outputs that are not served; that alone is not a problem. */
  readonly unservedOutputs?: readonly string[];
  /** What is wrong, one sentence each. */
  readonly problems: readonly string[];
}

/** Checks every model at a path, one after the other, and prints the results. */
export async function validate(path: string, options: ValidateOptions): Promise<ExitCode> {
  const verdicts: Verdict[] = [];
  for (const found of await modelsAt(path)) verdicts.push(await judge(found));
  const ok = verdicts.every(({ problems }) => problems.length === 0);
  process.stdout.write(options.json ? `${JSON.stringify({ ok, models: verdicts }, undefined, 2)}\n` : print(verdicts));
  return ok ? EXIT.ok : EXIT.failure;
}

async function judge(found: FoundModel): Promise<Verdict> {
  const { name, manifestPath } = found;
  const path = extname(manifestPath) === '.onnx' ? manifestPath : dirname(manifestPath);
  try {
    const { model, close } = await openModel(path);
    try {
      const { rows: goldenRows, problems } = await compareWithGolden(model, join(path, 'training', 'golden.json'));
      return {
        name,
        version: model.version,
        rows: model.rows.kind,
        rowsReason: model.rows.reason,
        ...(goldenRows > 0 && { goldenRows }),
        ...(model.unservedOutputs.length > 0 && { unservedOutputs: model.unservedOutputs }),
        problems,
      };
    } finally {
      await close();
    }
  } catch (error) {
    return { name, problems: [sentenceOf(error)] };
  }
}

function print(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ name, version, rows, goldenRows, problems }) => [
    problems.length === 0 ? styled('green', 'ok') : styled('red', 'wrong'),
    name,
    version ?? '–',
    rows ?? '–',
    goldenRows === undefined ? '–' : `${goldenRows} rows`,
  ]);
  const unserved = verdicts.flatMap(({ name, unservedOutputs = [] }) =>
    unservedOutputs.map((output) => `  The output ${output} of ${name}: ${UNSERVED}\n`),
  );
  const problems = verdicts.flatMap(({ problems }) => problems.map((problem) => `  ${problem}\n`));
  return [
    columns([['', 'MODEL', 'VERSION', 'ROWS', 'GOLDEN'], ...lines], ''),
    section('What is not served', unserved),
    section('What is wrong', problems),
  ].join('');
}

const section = (title: string, sentences: readonly string[]): string =>
  sentences.length === 0 ? '' : `\n${heading(title)}\n${sentences.join('')}`;
