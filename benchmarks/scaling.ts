/**
 * Shows that the cost grows linearly with the rows of a request, and not with unused models, and how long the runtime
 * itself takes for a row: see README.md.
 *
 *     npm run benchmark:scaling -- [--rounds N] [--seconds N]
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Tensor } from 'onnxruntime-node';
import { byStatus, sendInTurn } from './callers.ts';
import { linearFit } from './linear-fit.ts';
import { NestorProcess } from './nestor-process.ts';
import { benchmark, count, positive } from './options.ts';
import { provenance, provenanceLine } from './provenance.ts';
import { session } from './servers/session.ts';
import { spreadOf } from './statistics.ts';
import { houses } from './wire.ts';

const { rounds: ROUNDS, seconds: SECONDS } = benchmark(
  'npm run benchmark:scaling --',
  'Shows what a request costs by its rows, and beside models that nobody asks.',
)
  .option('--rounds <n>', 'how often each load is given; the lowest counts', count, 3)
  .option('--seconds <n>', 'how long each load lasts', positive, 1)
  .parse()
  .opts<{ rounds: number; seconds: number }>();
const ROWS = Array.from({ length: 13 }, (_, power) => 2 ** power);
const IDLE_MODELS = [0, 1, 10, 100];
const IDLE_SECONDS = 3;
const BUSY_CONNECTIONS = 16;
const RUN_ROWS = [1, 8, 32, 64, 256, 1000, 8000, 64_000];
const RUNS_MS = 300;

interface Window {
  readonly cpuMicroseconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The cost and latency of a request with this many callers, each of whom sends one request after the other. */
async function windowOf(nestor: NestorProcess, body: string, connections: number): Promise<Window> {
  const before = nestor.usage().cpuSeconds;
  const arrivals = await sendInTurn({ url: `${nestor.url}/predict`, body, connections }, SECONDS);
  const used = nestor.usage().cpuSeconds - before;
  const { 200: answered, ...others } = byStatus(arrivals, SECONDS);
  if (answered === undefined || Object.keys(others).length > 0)
    throw new Error(`Nestor answered ${JSON.stringify({ ...others, 200: answered })}`);
  return { cpuMicroseconds: (used * 1e6) / answered.count, p50Ms: answered.p50Ms, p99Ms: answered.p99Ms };
}

const least = (windows: readonly Window[], key: keyof Window): number =>
  spreadOf(windows.map((window) => window[key])).lowest;

const bodyOf = (rows: number): string => JSON.stringify(rows === 1 ? houses(1)[0] : houses(rows));

async function measureRows() {
  const nestor = await NestorProcess.start({ MODELS: 'models/housing', DRAIN_SECONDS: '0' });
  const windows = ROWS.map((rows) => ({ rows, body: bodyOf(rows), measured: [] as Window[] }));
  for (const { body } of windows) await windowOf(nestor, body, 1); // for the compilers
  for (let round = 0; round < ROUNDS; round += 1)
    for (const { body, measured } of windows) measured.push(await windowOf(nestor, body, 1));
  await nestor.stop();
  const points = windows.map(({ rows, measured }) => ({ rows, cpuMicroseconds: least(measured, 'cpuMicroseconds') }));
  const fit = linearFit(points.map(({ rows, cpuMicroseconds }) => [rows, cpuMicroseconds]));
  return { fit, points };
}

/** The runtime's own time per row, by rows per run: a bare session in a loop, with everything in the caches. */
async function measureRuns() {
  const runs = RUN_ROWS.map((rows) => ({ rows, tensor: tensorOf(rows), microseconds: [] as number[] }));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { tensor, microseconds } of runs) microseconds.push(await runFor(tensor));
  }
  // The first round is the warm-up.
  return runs.map(({ rows, microseconds }) => ({ rows, microseconds: spreadOf(microseconds.slice(1)).lowest }));
}

function tensorOf(rows: number): Tensor {
  return new Tensor('float32', Float32Array.from(houses(rows).flatMap(Object.values<number>)), [rows, 6]);
}

/** CPU time of a run, in microseconds. */
async function runFor(features: Tensor): Promise<number> {
  const before = process.cpuUsage();
  let runs = 0;
  for (const end = performance.now() + RUNS_MS; performance.now() < end; runs += 1) await session.run({ features });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}

/** A folder with the used model, and unused ones of the same kind. */
function modelsWith(folder: string, idle: number): string {
  const models = join(folder, `${idle}`);
  for (const name of ['housing', ...Array.from({ length: idle }, (_, at) => `idle-${at + 1}`)]) {
    cpSync('models/housing/1', join(models, name, '1'), { recursive: true });
    cpSync('models/housing/model.json', join(models, name, 'model.json'));
  }
  return models;
}

async function start(models: string, idle: number) {
  const begun = performance.now();
  const nestor = await NestorProcess.start({ MODELS: models, DRAIN_SECONDS: '0', WATCH: 'on' });
  const startMs = performance.now() - begun;
  return { nestor, idle, startMs, ...(await nestor.openParts()), one: [] as Window[], many: [] as Window[] };
}

async function measureIdle(folder: string) {
  // The first start reads the disk for all of them.
  await (await start(modelsWith(folder, 0), 0)).nestor.stop();
  const servers = [];
  for (const idle of IDLE_MODELS) servers.push(await start(modelsWith(folder, idle), idle));
  const house = bodyOf(1);
  for (const { nestor } of servers) await windowOf(nestor, house, BUSY_CONNECTIONS);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { nestor, one, many } of servers) {
      one.push(await windowOf(nestor, house, 1));
      many.push(await windowOf(nestor, house, BUSY_CONNECTIONS));
    }
  }
  const before = servers.map(({ nestor }) => nestor.usage().cpuSeconds);
  await sleep(IDLE_SECONDS * 1000);
  const results = servers.map(({ nestor, idle, startMs, sessions, one, many }, at) => ({
    ...{ idle, startMs, sessions },
    rssMegabytes: nestor.usage().rssBytes / 1e6,
    cpuMicroseconds: least(many, 'cpuMicroseconds'),
    p50Ms: least(one, 'p50Ms'),
    p99Ms: least(one, 'p99Ms'),
    restingCpuPercent: ((nestor.usage().cpuSeconds - before[at]!) / IDLE_SECONDS) * 100,
  }));
  await Promise.all(servers.map(({ nestor }) => nestor.stop()));
  return results;
}

const before = provenance();
const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
try {
  const result = {
    ...before,
    rounds: ROUNDS,
    seconds: SECONDS,
    rows: await measureRows(),
    runs: await measureRuns(),
    idle: await measureIdle(folder),
  };
  const markdown = report(result);
  mkdirSync('benchmarks/results', { recursive: true });
  writeFileSync('benchmarks/results/scaling.json', `${JSON.stringify(result, undefined, 1)}\n`);
  writeFileSync('benchmarks/results/scaling.md', markdown);
  process.stdout.write(markdown);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

type Result = ReturnType<typeof provenance> & {
  readonly rounds: number;
  readonly seconds: number;
  readonly rows: Awaited<ReturnType<typeof measureRows>>;
  readonly runs: Awaited<ReturnType<typeof measureRuns>>;
  readonly idle: Awaited<ReturnType<typeof measureIdle>>;
};

/** A ratio as the difference from 1: +3 %, −12 %. */
function percent(ratio: number): string {
  return `${ratio < 1 ? '−' : '+'}${Math.abs(100 * (ratio - 1)).toFixed(0)} %`;
}

function idleLines(idle: Result['idle']): string[] {
  const none = idle[0]!;
  return idle.map((one) => {
    const perModel = (key: 'startMs' | 'rssMegabytes'): string =>
      one.idle === 0 ? '–' : ((one[key] - none[key]) / one.idle).toFixed(1);
    const cells = [
      one.idle,
      one.cpuMicroseconds.toFixed(0),
      percent(one.cpuMicroseconds / none.cpuMicroseconds),
      one.p50Ms.toFixed(2),
      one.p99Ms.toFixed(2),
      one.restingCpuPercent.toFixed(1),
      one.startMs.toFixed(0),
      perModel('startMs'),
      one.rssMegabytes.toFixed(0),
      perModel('rssMegabytes'),
      one.sessions,
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

function report(result: Result): string {
  const { fit, points } = result.rows;
  const rowLines = points.map(({ rows, cpuMicroseconds }) => {
    const expected = fit.base + fit.slope * rows;
    return `| ${rows} | ${cpuMicroseconds.toFixed(0)} | ${(cpuMicroseconds / rows).toFixed(2)} | ${expected.toFixed(0)} | ${percent(cpuMicroseconds / expected)} |`;
  });
  const runLines = result.runs.map(
    ({ rows, microseconds }) => `| ${rows} | ${microseconds.toFixed(0)} | ${(microseconds / rows).toFixed(2)} |`,
  );
  return `${[
    '# Cost by rows, and beside idle models',
    '',
    '## Rows in one request',
    '',
    'Processor time of the server for a request with so many houses, one caller; the line is the one that fits best.',
    '',
    '| rows | CPU µs a request | µs a row | the line says | off by |',
    '|---:|---:|---:|---:|---:|',
    ...rowLines,
    '',
    `The line: ${fit.base.toFixed(0)} µs a request and ${fit.slope.toFixed(2)} µs a row.`,
    '',
    '## Rows in one run',
    '',
    'Processor time of a bare session in a loop, with the options that Nestor opens it with.',
    '',
    '| rows | CPU µs a run | µs a row |',
    '|---:|---:|---:|',
    ...runLines,
    '',
    '## One house, beside models that nobody asks',
    '',
    `The idle models are copies of the one that is asked, each with a session of its own; \`WATCH\` is on. CPU by ${BUSY_CONNECTIONS} callers, latency by one.`,
    '',
    '| idle models | CPU µs a request | to none | p50 ms | p99 ms | CPU % at rest | start ms | a model | RSS MB | a model | sessions |',
    '|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...idleLines(result.idle),
    '',
    `Each figure is the lowest of ${result.rounds} rounds of ${result.seconds} s: other work on the machine only ever adds.`,
    '',
    provenanceLine(result),
  ].join('\n')}\n`;
}
