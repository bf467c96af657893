/**
 * Shows what embeddings of texts cost Nestor, against FastAPI with ONNX Runtime and the hub's tokenizers, and against transformers.js
 * in process: lengths mixed from 5 to 256 tokens, queries of 5 to 20, and a short text beside a flood of long ones.
 *
 *     npm run benchmark:text -- [--rounds N] [--seconds N] [--python PROGRAM]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { sendInTurn } from '../callers.ts';
import { number, table, whole, withSpread } from '../markdown.ts';
import { benchmark, count, positive, python } from '../options.ts';
import { forgetPeak, peakBytes } from '../peak-memory.ts';
import { provenance, provenanceLine } from '../provenance.ts';
import type { ServerProcess } from '../server-process.ts';
import { quantile, type Spread, spreadOf } from '../statistics.ts';
import { inTurns } from '../turns.ts';
import { InProcess } from './in-process.ts';
import { prepare, type ServerId, SERVER_IDS, SERVERS, startServer, urlOf } from './servers.ts';
import { bodiesOf, bodyOf, LONG, MIXED, QUERIES, SHORT } from './texts.ts';
import { type Window, windowOf } from './window.ts';

const flags = benchmark('npm run benchmark:text --', 'Shows what embeddings of texts cost.')
  .option('--rounds <n>', 'how often each load is measured', count, 3)
  .option('--seconds <n>', 'how long each time', positive, 5)
  .addOption(python())
  .parse()
  .opts<{ rounds: number; seconds: number; python: string }>();

const LENGTHS = { 'Texts of 5 to 256 tokens': MIXED, 'Texts of 5 to 20 tokens': QUERIES };
const CALLERS = [1, 8, 64];
/** The least that Nestor is to answer, to FastAPI. */
const BARS: Readonly<Record<number, number>> = { 1: 1, 8: 1.2, 64: 1.2 };
/** The same, to transformers.js: no request of it goes over HTTP, which one caller feels. */
const BARS_IN_PROCESS: Readonly<Record<number, number>> = { 1: 0.95, 8: 1, 64: 1 };
const MEMORY_BAR = 1.3;
const FLOOD_CALLERS = 32;

async function servedWindow(server: ServerProcess, texts: readonly string[], callers: number): Promise<Window> {
  forgetPeak(server.pid);
  const [cpu, began] = [server.usage().cpuSeconds, performance.now()];
  const call = { url: urlOf(server), body: bodiesOf(texts), connections: callers };
  const arrivals = await sendInTurn(call, flags.seconds);
  const [cpuSeconds, took] = [server.usage().cpuSeconds - cpu, (performance.now() - began) / 1000];
  if (arrivals.some(({ status }) => status !== 200)) throw new Error('A server does not answer all texts.');
  const times = arrivals.map(({ ms }) => ms);
  return windowOf(times, took, cpuSeconds * 1000, peakBytes(server.pid));
}

/** How long a text of 5 tokens takes beside 32 callers with texts of 256, and how long one of these does. */
async function beside(server: ServerProcess): Promise<{ readonly shortMs: number; readonly longMs: number }> {
  const url = urlOf(server);
  const flood = sendInTurn({ url, body: bodyOf(LONG), connections: FLOOD_CALLERS }, flags.seconds);
  const short = await sendInTurn({ url, body: bodyOf(SHORT), connections: 1 }, flags.seconds);
  const median = (ms: number[]): number =>
    quantile(
      ms.sort((one, other) => one - other),
      0.5,
    );
  return { shortMs: median(short.map(({ ms }) => ms)), longMs: median((await flood).map(({ ms }) => ms)) };
}

/** @throws Error where the vectors of the contenders differ */
async function requireSameAnswers(servers: ReadonlyMap<ServerId, ServerProcess>, inProcess: InProcess): Promise<void> {
  const vectors = await Promise.all(
    [...servers.values()].map(async (server) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(urlOf(server), { method: 'POST', headers, body: bodyOf(LONG) });
      return ((await response.json()) as { prediction: number[][] }).prediction[0]!;
    }),
  );
  const own = await inProcess.vectorOf(LONG);
  const isOther = (vector: readonly number[]): boolean =>
    vector.length !== own.length || vector.some((value, at) => !(Math.abs(value - own[at]!) < 1e-5));
  if (vectors.some(isOther)) throw new Error('The contenders differ.');
}

function ratiosOf(figure: keyof Window, nestor: readonly Window[], other: readonly Window[]): Spread {
  return spreadOf(nestor.map((one, round) => one[figure] / other[round]![figure]));
}

/** How many texts Nestor answers to another one's. */
function speedOf(nestor: readonly Window[], other: readonly Window[], bar: number): string {
  const ratio = ratiosOf('perSecond', nestor, other);
  return `${withSpread(ratio)} (≥ ${bar})${ratio.median < bar ? ' **not met**' : ''}`;
}

function memoryOf(nestor: readonly Window[], other: readonly Window[]): string {
  const ratio = ratiosOf('megabytes', nestor, other);
  return `${withSpread(ratio)} (≤ ${MEMORY_BAR})${ratio.median > MEMORY_BAR ? ' **not met**' : ''}`;
}

function* loads(): Generator<[string, readonly string[], number]> {
  for (const [heading, texts] of Object.entries(LENGTHS))
    for (const callers of CALLERS) yield [heading, texts, callers];
}

const before = provenance();
const { models, bin } = await prepare(flags.python);
const servers = new Map<ServerId, ServerProcess>();
let inProcess: InProcess | undefined;
const sections: string[] = [];
const measured: object[] = [];
try {
  for (const id of SERVER_IDS) servers.set(id, await startServer(id, models, bin));
  const transformers = (inProcess = await InProcess.start(models));
  await requireSameAnswers(servers, transformers);
  for (const [heading, texts, callers] of loads()) {
    const tasks = [
      ...[...servers.values()].map((server) => () => servedWindow(server, texts, callers)),
      () => transformers.window(texts, callers, flags.seconds),
    ];
    const windows = await inTurns(tasks, flags.rounds, 0);
    const [nestor, fastapi, library] = windows as [Window[], Window[], Window[]];
    const rows = [...SERVER_IDS.map((id) => SERVERS[id]), 'transformers.js, in process'].map((name, at) => {
      const median = (figure: keyof Window): number => spreadOf(windows[at]!.map((one) => one[figure])).median;
      const figures = [median('perSecond'), median('cpuMs'), median('p50Ms'), median('p99Ms')].map(number);
      return [name, ...figures, whole(median('megabytes'))];
    });
    measured.push({ texts: heading, callers, nestor, fastapi, transformers: library });
    sections.push(
      `## ${heading}, ${callers} ${callers === 1 ? 'caller' : 'callers'}`,
      table(['server', 'texts/s', 'CPU ms a text', 'p50 ms', 'p99 ms', 'peak RSS, MB'], rows),
      `Texts a second to FastAPI's: ${speedOf(nestor, fastapi, BARS[callers]!)}; to those of transformers.js: ${speedOf(nestor, library, BARS_IN_PROCESS[callers]!)}. Memory to FastAPI's: ${memoryOf(nestor, fastapi)}.`,
    );
  }
  const rows: string[][] = [];
  for (const [id, server] of servers) {
    const { shortMs, longMs } = await beside(server);
    measured.push({ beside: id, shortMs, longMs });
    rows.push([SERVERS[id], number(shortMs), number(longMs)]);
  }
  sections.push(
    '## A short text beside a flood',
    `One caller with texts of 5 tokens, ${FLOOD_CALLERS} with texts of 256; medians.`,
    table(['server', 'short, ms', 'long, ms'], rows),
  );
} finally {
  inProcess?.stop();
  await Promise.all([...servers.values()].map((server) => server.stop()));
  rmSync(models, { recursive: true });
}
const markdown = [
  '# What embeddings of texts cost',
  `all-MiniLM-L6-v2 with weights of 8 bits, a text a request. ${flags.rounds} rounds of ${flags.seconds} s, one server after the other within each; medians, and the lowest and highest ratio of a round.`,
  ...sections,
  provenanceLine(before, /^(node|onnxruntime-node|fastapi|onnxruntime|tokenizers)$/),
  '',
].join('\n\n');
mkdirSync('benchmarks/results', { recursive: true });
writeFileSync('benchmarks/results/text.json', `${JSON.stringify({ ...before, measured }, undefined, 1)}\n`);
writeFileSync('benchmarks/results/text.md', markdown);
process.stdout.write(markdown);
