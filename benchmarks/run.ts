/**
 * Compares Nestor with bare Node servers and, with --peers, with Python's: see README.md.
 *
 *     npm run benchmark -- [--quick] [--peers] [--only nestor,micro-batched] [--rounds N] [--seconds N]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { Round } from './comparison.ts';
import { type Cell, type Contender, contenders, requestTo, startContender } from './contenders.ts';
import { startHttpLoad } from './http-load.ts';
import { type Extent, type Load, sample, summarise, warmUp } from './load.ts';
import { benchmark, count, positive, python } from './options.ts';
import { plot } from './plot.ts';
import { provenance } from './provenance.ts';
import { pythonEnvironment } from './python-environment.ts';
import { type Report, report } from './report.ts';
import { startReconnectingLoad } from './reconnecting-load.ts';
import type { ServerProcess } from './server-process.ts';
import { inTurns, rotated } from './turns.ts';

interface Flags {
  readonly only?: readonly Contender[];
  readonly peers: boolean;
  readonly quick: boolean;
  readonly rounds?: number;
  readonly seconds?: number;
  readonly python: string;
  readonly name?: string;
}

const flags = benchmark('npm run benchmark --', "Compares Nestor with bare Node servers and with Python's.")
  .option('--quick', 'three loads, three short rounds', false)
  .option('--peers', "Python's servers too", false)
  .option(
    '--only <ids>',
    `these alone, such as nestor,micro-batched, of ${contenders.map(({ id }) => id).join(', ')}`,
    chosen,
  )
  .option('--rounds <n>', 'how often all servers are started and measured', count)
  .option('--seconds <n>', 'how long each load lasts', positive)
  .option('--name <name>', 'what the results are called')
  .addOption(python())
  .parse()
  .opts<Flags>();

interface Plan {
  readonly rounds: number;
  /** How long each load lasts, and its number of turns. */
  readonly seconds: number;
  readonly turns: number;
  readonly warmUpSeconds: number;
  readonly cells: readonly Cell[];
}

const FULL: Plan = {
  rounds: 4,
  seconds: 3,
  turns: 4,
  warmUpSeconds: 6,
  cells: [1, 1000].flatMap((rows) => [1, 8, 64, 512].map((connections) => ({ rows, connections }))),
};

const QUICK: Plan = {
  rounds: 3,
  seconds: 1.5,
  turns: 3,
  warmUpSeconds: 4,
  cells: [
    { rows: 1, connections: 1 },
    { rows: 1, connections: 64 },
    { rows: 1000, connections: 1 },
  ],
};

const say = (text: string): void => console.error(text);
const running = new Set<ServerProcess>();

async function main(): Promise<void> {
  const base = flags.quick ? QUICK : FULL;
  const plan = { ...base, rounds: flags.rounds ?? base.rounds, seconds: flags.seconds ?? base.seconds };
  const before = provenance();
  const notRun: Report['notRun'] = {};
  const ready: { contender: Contender; bin: string }[] = [];
  for (const contender of flags.only ??
    contenders.filter(({ environment }) => flags.peers || environment === undefined)) {
    try {
      ready.push({
        contender,
        bin: contender.environment ? await pythonEnvironment(contender.environment, flags.python) : '',
      });
    } catch (error) {
      notRun[contender.id] = `its environment could not be made: ${messageOf(error)}`;
    }
  }
  const rounds: Round[][] = [];
  for (let number = 0; number < plan.rounds; number += 1) {
    say(`Round ${number + 1} of ${plan.rounds}`);
    rounds.push(await round(plan, number, ready, notRun));
  }
  write({
    ...before,
    plan,
    titles: Object.fromEntries(ready.map(({ contender: { id, title } }) => [id, title])),
    notRun,
    rounds,
  });
}

/** The contenders that `--only` names. */
function chosen(only: string): readonly Contender[] {
  return only.split(',').map((id) => {
    const contender = contenders.find((one) => one.id === id);
    if (contender === undefined) throw new InvalidArgumentError(`There is no "${id}".`);
    return contender;
  });
}

/** Starts all contenders, gives each the same cells in turn, and stops them. */
async function round(
  plan: Plan,
  number: number,
  ready: readonly { contender: Contender; bin: string }[],
  notRun: Report['notRun'],
): Promise<Round[]> {
  const servers: {
    contender: Contender;
    server: ServerProcess;
    rssMegabytes: number;
    cells: Round['cells'][number][];
  }[] = [];
  for (const { contender, bin } of rotated(ready, number)) {
    if (notRun[contender.id] !== undefined) continue;
    try {
      const server = await startContender(contender, bin);
      running.add(server);
      await warmUp(loadOf(contender, server, { rows: 1, connections: 64 }), plan.warmUpSeconds);
      await warmUp(loadOf(contender, server, { rows: 1000, connections: 1 }), plan.warmUpSeconds / 4);
      servers.push({ contender, server, rssMegabytes: server.usage().rssBytes / 1e6, cells: [] });
    } catch (error) {
      // A peer may fail on this machine, but without one of our servers, the comparison is useless.
      if (contender.environment === undefined)
        throw new Error(`${contender.title}: ${messageOf(error)}`, { cause: error });
      notRun[contender.id] = messageOf(error);
      say(`  ${contender.id} is left out: ${messageOf(error)}`);
    }
  }
  for (const [index, cell] of plan.cells.entries()) {
    say(`  ${cell.rows} rows, ${cell.connections} connections`);
    const tasks = servers.map(
      ({ contender, server }) =>
        () =>
          sample(server, loadOf(contender, server, cell), plan.seconds / plan.turns),
    );
    for (const [at, samples] of (await inTurns(tasks, plan.turns, number + index)).entries())
      servers[at]!.cells.push({ ...cell, ...summarise(samples) });
  }
  await stopAll();
  return servers.map(({ contender, server, rssMegabytes, cells }) => ({
    contender: contender.id,
    startMs: server.startMs,
    rssMegabytes,
    cells,
  }));
}

function loadOf(contender: Contender, { port }: ServerProcess, { rows, connections }: Cell): (extent: Extent) => Load {
  const start = contender.closesConnections ? startReconnectingLoad : startHttpLoad;
  return (extent) => start(requestTo(contender, port, rows), connections, extent);
}

function write(result: Report): void {
  const folder = 'benchmarks/results';
  const name = flags.name ?? (flags.quick ? 'quick' : flags.peers ? 'peers' : 'node');
  mkdirSync(folder, { recursive: true });
  const markdown = report(result);
  writeFileSync(`${folder}/${name}.json`, `${JSON.stringify(result, undefined, 1)}\n`);
  writeFileSync(`${folder}/${name}.md`, markdown);
  writeFileSync(`${folder}/${name}.svg`, plot(result));
  process.stdout.write(markdown);
  say(`Written: ${folder}/${name}.md, .svg and .json`);
}

async function stopAll(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
  running.clear();
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stopAll().finally(() => process.exit(130)));
try {
  await main();
} finally {
  await stopAll();
}
