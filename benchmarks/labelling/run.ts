/**
 * Labels CSV files of a million rows with `nestor predict` and with pandas and ONNX Runtime in Python: see
 * ../README.md.
 *
 *     npm run benchmark:labelling -- [--only houses|wines] [--rows N] [--rounds N] [--python PROGRAM]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { benchmark, count, only, python } from '../options.ts';
import { usageOf } from '../process-tree.ts';
import { provenance } from '../provenance.ts';
import { pythonEnvironment } from '../python-environment.ts';
import { type Measured, report, type Result, type Run } from './report.ts';
import { isRight, type Task, tasks } from './tasks.ts';

const MILLION = 1_000_000;
const SAMPLE_MS = 20;

const flags = benchmark('npm run benchmark:labelling --', 'Labels CSV files with nestor predict and with pandas.')
  .addOption(only(tasks().map(({ id }) => id)))
  .option('--rows <n>', 'rows of each file', count, MILLION)
  .option('--rounds <n>', 'how often each labels each file', count, 5)
  .addOption(python())
  .parse()
  .opts<{ only?: string; rows: number; rounds: number; python: string }>();

interface Contender {
  readonly title: string;
  readonly command: (model: string, input: string, output: string) => readonly [program: string, ...args: string[]];
}

async function main(): Promise<void> {
  const { rows } = flags;
  const before = provenance();
  const contenders = contendersWith(await pythonEnvironment('labelling', flags.python));
  const measured: Result['tasks'][number][] = [];
  for (const task of tasks()) {
    if ((flags.only ?? task.id) === task.id) measured.push(await measureTask(task, rows, contenders));
  }
  write({ ...before, rows, tasks: measured });
}

function contendersWith(bin: string): readonly Contender[] {
  const nestor = ['dist/bundle/nestor.js', 'predict'];
  const pandas = (model: string, ...args: string[]): readonly [string, ...string[]] => {
    return [`${bin}/python`, 'benchmarks/peers/labelling/label.py', `${model}/1/model.onnx`, ...args];
  };
  return [
    {
      title: '`nestor predict`',
      command: (model, input, output) => [process.execPath, ...nestor, model, '-i', input, '-o', output],
    },
    { title: 'pandas, whole file', command: pandas },
    {
      title: 'pandas, 10,000 rows at a time',
      command: (...files) => pandas(...files, '10000'),
    },
  ];
}

async function measureTask(
  task: Task,
  rows: number,
  contenders: readonly Contender[],
): Promise<Result['tasks'][number]> {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-labelling-'));
  try {
    const [input, single] = [join(folder, 'rows.csv'), join(folder, 'row.csv')];
    writeRows(task, input, rows);
    writeRows(task, single, 1);
    const measured: Measured[] = contenders.map(({ title }) => ({ title, runs: [], oneRow: [] }));
    for (let round = 0; round < flags.rounds; round += 1) {
      for (const offset of contenders.keys()) {
        // A different one begins each round.
        const at = (offset + round) % contenders.length;
        const { title, command } = contenders[at]!;
        const output = join(folder, `labelled-${at}.csv`);
        measured[at]!.runs.push(await measure(command(task.model, input, output)));
        if (round === 0) await check(output, rows, task);
        rmSync(output);
        measured[at]!.oneRow.push(await measure(command(task.model, single, output)));
        rmSync(output);
        console.error(`${task.rows}, ${round + 1}/${flags.rounds}: ${title}`);
      }
    }
    return { rows: task.rows, bytes: statSync(input).size, measured };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeRows({ header, samples }: Task, path: string, rows: number): void {
  let text = `${header}\n`;
  writeFileSync(path, '');
  for (let row = 0; row < rows; row += 1) {
    text += `${samples[row % samples.length]!.row}\n`;
    if (text.length > 2 ** 20 || row === rows - 1) {
      writeFileSync(path, text, { flag: 'a' });
      text = '';
    }
  }
}

async function measure([program, ...args]: readonly [string, ...string[]]): Promise<Run> {
  const begun = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let [cpuSeconds, peakBytes] = [0, 0];
  const sampling = setInterval(() => {
    const usage = usageOf(child.pid!);
    cpuSeconds = Math.max(cpuSeconds, usage.cpuSeconds);
    peakBytes = Math.max(peakBytes, usage.rssBytes);
  }, SAMPLE_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(sampling);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - begun) / 1000, cpuSeconds, peakMegabytes: peakBytes / 1e6 };
}

/** Checks that every row is there, in order, with scikit-learn's prediction. */
async function check(path: string, rows: number, { samples }: Task): Promise<void> {
  let row = -1;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const sample = samples[row % samples.length];
    if (sample !== undefined && !isRight(line, sample.expected))
      throw new Error(`${path}: row ${row} is ${line}, not ${JSON.stringify(sample.expected)}`);
    row += 1;
  }
  if (row !== rows) throw new Error(`${path} has ${row} rows, not ${rows}`);
}

function write(result: Result): void {
  const name = `labelling${result.rows === MILLION ? '' : `-${result.rows}`}`;
  const markdown = report(result);
  mkdirSync('benchmarks/results', { recursive: true });
  writeFileSync(`benchmarks/results/${name}.json`, `${JSON.stringify(result, undefined, 1)}\n`);
  writeFileSync(`benchmarks/results/${name}.md`, markdown);
  process.stdout.write(markdown);
}

await main();
