/**
 * Shows what embeddings of texts cost Nestor, against FastAPI with ONNX Runtime and the hub's tokenizers: lengths mixed from 5 to
 * 256 tokens, and a short text beside a flood of long ones.
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
import { quantile, spreadOf } from '../statistics.ts';
import { inTurns } from '../turns.ts';
import { prepare, type ServerId, SERVER_IDS, SERVERS, startServer, urlOf } from './servers.ts';
import { bodies, bodyOf, LONG, SHORT } from './texts.ts';

const flags = benchmark('npm run benchmark:text --', 'Shows what embeddings of texts cost.')
  .option('--rounds <n>', 'how often each load is measured', count, 3)
  .option('--seconds <n>', 'how long each time', positive, 5)
  .addOption(python())
  .parse()
  .opts<{ rounds: number; seconds: number; python: string }>();

const CALLERS = [1, 8, 64];
/** The least that Nestor is to answer, to FastAPI. */
const BARS: Readonly<Record<number, number>> = { 1: 1, 8: 1.2, 64: 1.2 };
const FLOOD_CALLERS = 32;

interface Window {
  readonly perSecond: number;
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly megabytes: number;
}

async function windowOf(server: ServerProcess, callers: number): Promise<Window> {
  forgetPeak(server.pid);
  const [cpu, began] = [server.usage().cpuSeconds, performance.now()];
  const call = { url: urlOf(server), body: bodies(), connections: callers };
  const arrivals = await sendInTurn(call, flags.seconds);
  const [cpuSeconds, took] = [server.usage().cpuSeconds - cpu, (performance.now() - began) / 1000];
  if (arrivals.some(({ status }) => status !== 200)) throw new Error('A server does not answer all texts.');
  const times = arrivals.map(({ ms }) => ms).sort((one, other) => one - other);
  return {
    perSecond: arrivals.length / took,
    cpuMs: (cpuSeconds * 1000) / arrivals.length,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    megabytes: peakBytes(server.pid) / 1e6,
  };
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

/** @throws Error where the servers' vectors differ */
async function requireSameAnswers(servers: ReadonlyMap<ServerId, ServerProcess>): Promise<void> {
  const vectors = await Promise.all(
    [...servers.values()].map(async (server) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(urlOf(server), { method: 'POST', headers, body: bodyOf(LONG) });
      return ((await response.json()) as { prediction: number[][] }).prediction[0]!;
    }),
  );
  const [one, other] = vectors as [number[], number[]];
  if (one.some((value, at) => !(Math.abs(value - other[at]!) < 1e-5))) throw new Error('The servers differ.');
}

const before = provenance();
const { models, bin } = await prepare(flags.python);
const servers = new Map<ServerId, ServerProcess>();
const sections: string[] = [];
const measured: object[] = [];
try {
  for (const id of SERVER_IDS) servers.set(id, await startServer(id, models, bin));
  await requireSameAnswers(servers);
  for (const callers of CALLERS) {
    const tasks = [...servers.values()].map((server) => () => windowOf(server, callers));
    const windows = await inTurns(tasks, flags.rounds, 0);
    const [nestor, fastapi] = windows as [Window[], Window[]];
    const ratio = spreadOf(nestor.map((one, round) => one.perSecond / fastapi[round]!.perSecond));
    const bar = BARS[callers]!;
    const rows = SERVER_IDS.map((id, at) => {
      const median = (figure: keyof Window): number => spreadOf(windows[at]!.map((one) => one[figure])).median;
      const figures = [median('perSecond'), median('cpuMs'), median('p50Ms'), median('p99Ms')].map(number);
      return [SERVERS[id], ...figures, whole(median('megabytes'))];
    });
    measured.push({ callers, nestor, fastapi });
    sections.push(
      `## ${callers} ${callers === 1 ? 'caller' : 'callers'}`,
      table(['server', 'texts/s', 'CPU ms a text', 'p50 ms', 'p99 ms', 'peak RSS, MB'], rows),
      `Texts a second to FastAPI's: ${withSpread(ratio)} (≥ ${bar})${ratio.median < bar ? ' **not met**' : ''}.`,
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
  await Promise.all([...servers.values()].map((server) => server.stop()));
  rmSync(models, { recursive: true });
}
const markdown = [
  '# What embeddings of texts cost',
  `all-MiniLM-L6-v2 with weights of 8 bits, a text a request, of 5 to 256 tokens. ${flags.rounds} rounds of ${flags.seconds} s, one server after the other within each; medians, and the lowest and highest ratio of a round.`,
  ...sections,
  provenanceLine(before, /^(node|onnxruntime-node|fastapi|onnxruntime|tokenizers)$/),
  '',
].join('\n\n');
mkdirSync('benchmarks/results', { recursive: true });
writeFileSync('benchmarks/results/text.json', `${JSON.stringify({ ...before, measured }, undefined, 1)}\n`);
writeFileSync('benchmarks/results/text.md', markdown);
process.stdout.write(markdown);
