/**
 * Shows how a server handles overload: which requests it rejects, how long the others wait, and that it rejects no
 * request that it could answer in time.
 *
 *     npm run benchmark:overload -- [--only closed|open|fast] [--seconds N] [--cell-seconds N]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { benchmark, only, positive } from '../options.ts';
import { provenance } from '../provenance.ts';
import { requireWrk } from '../wrk.ts';
import { closedLoop } from './closed-loop.ts';
import { fastModel, openLoop } from './open-loop.ts';
import { report, type Result } from './report.ts';

const PARTS = ['closed', 'open', 'fast'] as const;
const SLOW_MS = [20, 500];
const TIMES = [2, 10];
const FAST_MS = 2;
const TURNS = 2;

const flags = benchmark('npm run benchmark:overload --', 'Sends a server more than it can take.')
  .option('--seconds <n>', 'how long a slow model is sent too much', positive, 60)
  .option('--cell-seconds <n>', 'how long each number of callers asks', positive, 4)
  .addOption(only(PARTS))
  .parse()
  .opts<{ seconds: number; cellSeconds: number; only?: (typeof PARTS)[number] }>();
const wanted = (part: (typeof PARTS)[number]): boolean => (flags.only ?? part) === part;
const say = (line: string): void => console.error(line);

requireWrk();
const result: Result = {
  ...provenance(),
  ...(wanted('closed') && { closed: await closedLoop(flags.cellSeconds, TURNS, say) }),
  ...(wanted('open') && { open: await slowModels() }),
  ...(wanted('fast') && { fast: await fastModel(FAST_MS, flags.seconds) }),
};
const markdown = report(result);
const name = `overload${flags.only === undefined ? '' : `-${flags.only}`}`;
mkdirSync('benchmarks/results', { recursive: true });
writeFileSync(`benchmarks/results/${name}.json`, `${JSON.stringify(result, undefined, 1)}\n`);
writeFileSync(`benchmarks/results/${name}.md`, markdown);
process.stdout.write(markdown);

async function slowModels() {
  const results = [];
  for (const runMs of SLOW_MS) {
    say(`a model of ${runMs} ms, ${TIMES.join(' and ')} times what it can take, for ${flags.seconds} s each`);
    results.push(...(await openLoop(runMs, TIMES, flags.seconds)));
  }
  return results;
}
