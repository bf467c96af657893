/**
 * Labels a CSV file of a million houses with `nestor predict` and with pandas and ONNX Runtime in Python: see README.md.
 *
 *     npm run benchmark:labelling -- [--rows N] [--rounds N] [--python PROGRAM]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { usageOf } from './process-tree.ts';
import { provenance, provenanceLine } from './provenance.ts';
import { pythonEnvironment } from './python-environment.ts';
import { quantile } from './statistics.ts';

const MODEL = 'models/housing';
const FILE = `${MODEL}/1/model.onnx`;
const RELATIVE = 1e-4;
const SAMPLE_MS = 20;

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    python: { type: 'string', default: '/usr/bin/python3' },
  },
});

interface Contender {
  readonly title: string;
  command(input: string, output: string): readonly [program: string, ...args: string[]];
}

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

async function main(): Promise<void> {
  const [rows, rounds] = [Number(flags.rows), Number(flags.rounds)];
  const bin = await pythonEnvironment('labelling', flags.python);
  const contenders = contendersWith(bin);
  const folder = mkdtempSync(join(tmpdir(), 'nestor-labelling-'));
  try {
    const [input, single] = [join(folder, 'houses.csv'), join(folder, 'house.csv')];
    const expected = writeHouses(input, rows);
    writeHouses(single, 1);
    const results = contenders.map(({ title }) => ({ title, runs: [] as Run[], oneRow: [] as Run[] }));
    for (let round = 0; round < rounds; round += 1) {
      for (const offset of contenders.keys()) {
        // Another one begins each round.
        const at = (offset + round) % contenders.length;
        const output = join(folder, `labelled-${at}.csv`);
        rmSync(output, { force: true });
        results[at]!.runs.push(await measure(contenders[at]!.command(input, output)));
        if (round === 0) await check(output, rows, expected);
        rmSync(output);
        results[at]!.oneRow.push(await measure(contenders[at]!.command(single, output)));
        console.error(`${round + 1}/${rounds} ${contenders[at]!.title}`);
      }
    }
    write({ ...provenance(), rows, bytes: statSync(input).size, results });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function contendersWith(bin: string): readonly Contender[] {
  const script = 'benchmarks/peers/labelling/label.py';
  const nestor = ['dist/bundle/nestor.js', 'predict', MODEL];
  return [
    { title: '`nestor predict`', command: (input, output) => [process.execPath, ...nestor, '-i', input, '-o', output] },
    { title: 'pandas, whole file', command: (input, output) => [`${bin}/python`, script, FILE, input, output] },
    {
      title: 'pandas, 10,000 rows at a time',
      command: (input, output) => [`${bin}/python`, script, FILE, input, output, '10000'],
    },
  ];
}

/** Writes the rows around the trees' split points again and again. @returns their prices, as scikit-learn has them */
function writeHouses(path: string, rows: number): readonly number[] {
  const csv = gunzipSync(readFileSync(`${MODEL}/training/split-points.csv.gz`)).toString();
  const [header = '', ...lines] = csv.trim().split(/\r?\n/);
  const cut = (line: string): string => line.slice(0, line.lastIndexOf(','));
  const houses = lines.map(cut);
  let text = `${cut(header)}\n`;
  writeFileSync(path, '');
  for (let row = 0; row < rows; row += 1) {
    text += `${houses[row % houses.length]!}\n`;
    if (text.length > 2 ** 20 || row === rows - 1) {
      writeFileSync(path, text, { flag: 'a' });
      text = '';
    }
  }
  return lines.map((line) => Number(line.slice(line.lastIndexOf(',') + 1)));
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

/** Every row must be there, in order, with scikit-learn's price. */
async function check(path: string, rows: number, expected: readonly number[]): Promise<void> {
  let row = -1;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (row >= 0) {
      const price = Number(line.slice(line.lastIndexOf(',') + 1));
      const right = expected[row % expected.length]!;
      if (!(Math.abs(price - right) <= RELATIVE * right))
        throw new Error(`${path}: row ${row} is ${price}, not ${right}`);
    }
    row += 1;
  }
  if (row !== rows) throw new Error(`${path} has ${row} rows, not ${rows}`);
}

type Result = ReturnType<typeof provenance> & {
  readonly rows: number;
  readonly bytes: number;
  readonly results: readonly { readonly title: string; readonly runs: Run[]; readonly oneRow: Run[] }[];
};

function write(result: Result): void {
  const name = `labelling${result.rows === 1_000_000 ? '' : `-${result.rows}`}`;
  const markdown = report(result);
  mkdirSync('benchmarks/results', { recursive: true });
  writeFileSync(`benchmarks/results/${name}.json`, `${JSON.stringify(result, undefined, 1)}\n`);
  writeFileSync(`benchmarks/results/${name}.md`, markdown);
  process.stdout.write(markdown);
}

function report(result: Result): string {
  const { rows, bytes, results } = result;
  const median = (runs: readonly Run[], key: keyof Run): number =>
    quantile(
      runs.map((run) => run[key]).sort((a, b) => a - b),
      0.5,
    );
  const least = (runs: readonly Run[], key: keyof Run): number => Math.min(...runs.map((run) => run[key]));
  const lines = results.map(({ title, runs, oneRow }) => {
    const [peak, base] = [median(runs, 'peakMegabytes'), median(oneRow, 'peakMegabytes')];
    const cells = [
      title,
      Math.round(rows / median(runs, 'seconds')).toLocaleString('en'),
      Math.round(rows / least(runs, 'seconds')).toLocaleString('en'),
      least(runs, 'cpuSeconds').toFixed(1),
      `${Math.round(peak)} MB`,
      `${Math.round(base)} MB`,
      `${Math.round(Math.max(0, peak - base))} MB`,
    ];
    return `| ${cells.join(' | ')} |\n`;
  });
  return [
    `# Labelling ${rows.toLocaleString('en')} houses\n\n`,
    `A CSV file of ${(bytes / 1e6).toFixed(1)} MB in, the same with a column of prices out; every price is scikit-learn's.\n\n`,
    '| | rows/s, median | rows/s, best | CPU seconds, least | peak RSS | RSS for one row | the file takes |\n',
    '|---|---:|---:|---:|---:|---:|---:|\n',
    ...lines,
    `\n${provenanceLine(result, /^(node|onnxruntime|pandas)/)} ${results[0]!.runs.length} rounds.\n`,
  ].join('');
}

await main();
