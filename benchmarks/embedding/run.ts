/**
 * Measures the package's library against the limits in README.md.
 *
 *     npm run benchmark:embedding
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { number, table } from '../markdown.ts';
import { benchmark } from '../options.ts';
import { provenance, provenanceLine } from '../provenance.ts';
import { quantile, spreadOf } from '../statistics.ts';

benchmark('npm run benchmark:embedding', 'Measures the library that programs have of the package.').parse();

const STARTS = 15;
/** V8 enlarges the space of young objects as it fills, which looks like a leak. */
const FIXED_YOUNG_SPACE = '--max-semi-space-size=4';

/** The output of a part of the benchmark, in a separate process. */
function measure(part: string, ...flags: readonly string[]): unknown {
  const file = join(import.meta.dirname, `${part}.ts`);
  return JSON.parse(execFileSync(process.execPath, [...flags, file], { encoding: 'utf8' }));
}

/** A figure and its limit. */
interface Bar {
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  readonly atMost: number;
}

function costOfACall(): Bar {
  const { library, byHand } = measure('calls') as { library: number[]; byHand: number[] };
  const more = spreadOf(library.map((one, at) => one - byHand[at]!)).median;
  const what = `64 callers in the process: a call costs ${number(spreadOf(library).median)} µs, by hand ${number(spreadOf(byHand).median)} µs; more`;
  return { what, figure: more, unit: 'µs', atMost: 3 };
}

function neighbour(): Bar {
  const { latenciesMs, runMs } = measure('neighbour') as { latenciesMs: number[]; runMs: number };
  const p99 = quantile(
    latenciesMs.toSorted((a, b) => a - b),
    0.99,
  );
  return {
    what: `another route beside runs of ${number(runMs)} ms under full load, p99`,
    figure: p99,
    unit: 'ms',
    atMost: 5,
  };
}

function leftBehind(): Bar[] {
  const { before, after, rssMegabytes } = measure('cycles', '--expose-gc', FIXED_YOUNG_SPACE) as {
    before: string[];
    after: string[];
    rssMegabytes: number[];
  };
  const [settled, last] = [rssMegabytes[rssMegabytes.length / 2 - 1]!, rssMegabytes.at(-1)!];
  const cycles = 'opened, asked and closed';
  return [
    {
      what: `${cycles} a thousand times: ${number(settled)} MB, after another thousand ${number(last)} MB; more`,
      figure: 100 * (last / settled - 1),
      unit: '%',
      atMost: 5,
    },
    { what: `${cycles} as often: handles left`, figure: after.length - before.length, unit: '', atMost: 0 },
  ];
}

function firstPrediction(): Bar {
  const starts = Array.from({ length: STARTS }, () => measure('first') as number);
  return { what: 'from the import to the first prediction', figure: spreadOf(starts).median, unit: 'ms', atMost: 150 };
}

function packedSize(): Bar {
  const text = execFileSync('npm', ['pack', '--dry-run', '--json', './dist/package'], { encoding: 'utf8' });
  const [{ size }] = JSON.parse(text) as [{ size: number }];
  return { what: 'own files, packed', figure: size / 1e6, unit: 'MB', atMost: 2 };
}

const source = provenance();
const bars = [costOfACall(), neighbour(), ...leftBehind(), firstPrediction(), packedSize()];
const rows = bars.map(({ what, figure, unit, atMost }) => [
  what,
  `${number(figure)} ${unit}`.trim(),
  `${atMost} ${unit}`.trim(),
  figure <= atMost ? 'yes' : 'no',
]);
const markdown = [
  '# The library in a program',
  '',
  table(['What', 'Figure', 'At most', 'Holds'], rows),
  '',
  provenanceLine(source),
];
mkdirSync('benchmarks/results', { recursive: true });
writeFileSync('benchmarks/results/embedding.json', `${JSON.stringify({ ...source, bars })}\n`);
writeFileSync('benchmarks/results/embedding.md', `${markdown.join('\n')}\n`);
console.log(markdown.join('\n'));
process.exitCode = bars.every(({ figure, atMost }) => figure <= atMost) ? 0 : 1;
