/**
 * Sends a model of 20 ms a run ten times what it can take, for 60 seconds, and shows what comes of it: rates of 200 and
 * 503, how long each takes against an unloaded server, the liveness probe, a small model beside it, and memory. Every setting is at its default but
 * WORKERS: one CPU is left to the event loop and to the client, which elsewhere would have a machine of its own.
 *
 *     npm run benchmark:overload -- [--seconds N] [--times N] [--milliseconds N]
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { byStatus, type Outcome, sendAtOnce, sendEvenly, sendInTurn } from './callers.ts';
import { NestorProcess } from './nestor-process.ts';
import { benchmark, positive } from './options.ts';
import { provenance, provenanceLine } from './provenance.ts';
import { quantile } from './statistics.ts';
import { houses } from './wire.ts';

const flags = benchmark('npm run benchmark:overload --', 'Sends a slow model more than it can take.')
  .option('--seconds <n>', 'how long', positive, 60)
  .option('--times <n>', 'how many times what it can take', positive, 10)
  .option('--milliseconds <n>', 'how long a run of the model takes', positive, 20)
  .parse()
  .opts<{ seconds: number; times: number; milliseconds: number }>();
const [SECONDS, TIMES, RUN_MS] = [flags.seconds, flags.times, flags.milliseconds];
const CALM_SECONDS = 10;
/** Callers at once before the overload: they have to wait, but none is to be refused. */
const BURST = 10;
const CALIBRATION_SECONDS = 3;
/** The highest that the model's feature may be. */
const MOST_WORK = 10_000;
const CONNECTIONS = 256;
const WORKERS = Math.max(1, availableParallelism() - 1);
const CALM_BEFORE_BURST_MS = 3000;
const PROBE_MS = 100;
/** Reading the memory of a process stops the client, which is to send evenly. */
const MEMORY_MS = 1000;

/** A model whose run is as much work as it is told, and whose example is as much as what is sent here; and a small one. */
function slowModelAndNeighbour(work: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
  cpSync('models/housing', join(folder, 'housing'), { recursive: true });
  cpSync('test/models/slow', join(folder, 'slow'), { recursive: true });
  const path = join(folder, 'slow/model.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { features: { example: number }[] };
  manifest.features[0]!.example = work;
  writeFileSync(path, JSON.stringify(manifest));
  return folder;
}

const call = ({ url }: NestorProcess, work: number, connections: number) => ({
  url: `${url}/predict`,
  body: JSON.stringify({ milliseconds: work }),
  connections,
});

/** Serves both models, does something, and stops. */
async function served<T>(
  work: number,
  use: (nestor: NestorProcess) => Promise<T>,
): Promise<T & { exitCode: number | null }> {
  const models = slowModelAndNeighbour(work);
  const nestor = await NestorProcess.start({
    MODELS: models,
    DEFAULT_MODEL: 'slow',
    DRAIN_SECONDS: '0',
    WORKERS: String(WORKERS),
  });
  try {
    return { ...(await use(nestor)), exitCode: await nestor.stop() };
  } finally {
    await nestor.stop();
    rmSync(models, { recursive: true });
  }
}

/** How much work takes this machine as long as it is to take: a lone caller is asked. */
async function calibrated(): Promise<number> {
  const { p50Ms } = await served(RUN_MS, async (nestor) => {
    await sendInTurn(call(nestor, RUN_MS, 1), CALIBRATION_SECONDS);
    return byStatus(await sendInTurn(call(nestor, RUN_MS, 1), CALIBRATION_SECONDS), CALIBRATION_SECONDS)['200']!;
  });
  return Math.min(MOST_WORK, Math.round(RUN_MS * (RUN_MS / p50Ms)));
}

interface Seen {
  readonly livezMs: number[];
  readonly neighbourMs: number[];
  readonly rss: number[];
}

/** Asks for /livez and for a prediction of the small model, and reads memory, until told to stop. */
async function observe(nestor: NestorProcess, over: AbortSignal): Promise<Seen> {
  const seen: Seen = { livezMs: [], neighbourMs: [], rss: [] };
  const time = async (path: string, init?: RequestInit): Promise<number> => {
    const began = performance.now();
    const response = await fetch(`${nestor.url}${path}`, init);
    await response.arrayBuffer();
    return response.ok ? performance.now() - began : Infinity;
  };
  const headers = { 'content-type': 'application/json' };
  const house = { method: 'POST', headers, body: JSON.stringify(houses(1)[0]) };
  let next = 0;
  while (!over.aborted) {
    seen.livezMs.push(await time('/livez'));
    seen.neighbourMs.push(await time('/models/housing/predict', house));
    if (performance.now() >= next) {
      seen.rss.push(nestor.usage().rssBytes / 1e6);
      next = performance.now() + MEMORY_MS;
    }
    await sleep(PROBE_MS);
  }
  return seen;
}

async function observeFor(nestor: NestorProcess, seconds: number): Promise<Seen> {
  return observe(nestor, AbortSignal.timeout(seconds * 1000));
}

function quantiles(times: readonly number[]) {
  const sorted = times.toSorted((one, other) => one - other);
  return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), longestMs: sorted.at(-1)! };
}

async function measure(nestor: NestorProcess, work: number) {
  await sendInTurn(call(nestor, work, 4), 2);
  const alone = byStatus(await sendInTurn(call(nestor, work, 1), CALM_SECONDS), CALM_SECONDS)['200']!;
  const capacity = byStatus(await sendInTurn(call(nestor, work, 8), CALM_SECONDS), CALM_SECONDS)['200']!;
  const calm = await observeFor(nestor, CALM_SECONDS);
  // Eight callers may be an overload of one worker: a burst comes out of the calm.
  await sleep(CALM_BEFORE_BURST_MS);
  const burst = byStatus(await sendAtOnce(call(nestor, work, BURST)), 1);
  const perSecond = Math.round(capacity.perSecond * TIMES);
  console.error(`${capacity.perSecond.toFixed(0)} requests/s at most; now ${perSecond} for ${SECONDS} s`);
  const over = new AbortController();
  const observing = observe(nestor, over.signal);
  const cpuBefore = nestor.usage().cpuSeconds;
  const arrivals = await sendEvenly(call(nestor, work, CONNECTIONS), perSecond, SECONDS);
  const cpus = (nestor.usage().cpuSeconds - cpuBefore) / SECONDS;
  over.abort();
  const { livezMs, neighbourMs, rss } = await observing;
  const refused = arrivals.filter(({ status }) => status === 503);
  return {
    ...{
      runMs: RUN_MS,
      workers: WORKERS,
      times: TIMES,
      seconds: SECONDS,
      alone,
      capacityPerSecond: capacity.perSecond,
      burst,
    },
    ...{ sentPerSecond: perSecond, cpus, byStatus: byStatus(arrivals, SECONDS) },
    late: quantiles(arrivals.map(({ lateMs }) => lateMs)),
    withoutRetryAfter: refused.filter(({ retryAfter }) => !(Number(retryAfter) >= 1)).length,
    livez: quantiles(livezMs),
    neighbour: { calm: quantiles(calm.neighbourMs), overload: quantiles(neighbourMs) },
    rssMegabytes: { first: rss[0]!, highest: Math.max(...rss), last: rss.at(-1)! },
  };
}

const before = provenance();
const work = await calibrated();
const result = { ...before, ...(await served(work, (nestor) => measure(nestor, work))) };
const markdown = report(result);
mkdirSync('benchmarks/results', { recursive: true });
const name = `overload${RUN_MS === 20 ? '' : `-${RUN_MS}ms`}`;
writeFileSync(`benchmarks/results/${name}.json`, `${JSON.stringify(result, undefined, 1)}\n`);
writeFileSync(`benchmarks/results/${name}.md`, markdown);
process.stdout.write(markdown);

function report(of: typeof result): string {
  const { alone, burst, livez, neighbour, rssMegabytes: rss } = of;
  const [admitted, refused] = [of.byStatus['200'], of.byStatus['503']];
  const ms = (value = Number.NaN): string => value.toFixed(1);
  const line = (title: string, outcome: Outcome | undefined): string =>
    `| ${title} | ${outcome?.perSecond.toFixed(0) ?? 0} | ${ms(outcome?.p50Ms)} | ${ms(outcome?.p99Ms)} | ${ms(outcome?.longestMs)} |`;
  const others = Object.keys(of.byStatus).filter((status) => !['200', '503'].includes(status));
  return `${[
    `# Overload: ${of.times} times what a model can take`,
    '',
    `A model of ${of.runMs} ms a run, sent ${of.sentPerSecond} requests/s evenly for ${of.seconds} s: ${of.times} times what it answered at most`,
    `(${of.capacityPerSecond.toFixed(0)}/s, eight callers in turn). Every setting at its default but WORKERS=${of.workers}: the client runs on the same`,
    'machine, and the workers leave it one CPU.',
    '',
    '| | a second | p50 ms | p99 ms | longest ms |',
    '|---|---:|---:|---:|---:|',
    line('unloaded: one caller', alone),
    line('overload: 200', admitted),
    line('overload: 503', refused),
    ...others.map((status) => line(`overload: ${status}`, of.byStatus[status])),
    '',
    `- p99 of the admitted: ${((admitted?.p99Ms ?? Number.NaN) / alone.p99Ms).toFixed(2)} times the unloaded p99 (bar: 2).`,
    `- p99 of the refused: ${ms(refused?.p99Ms)} ms (bar: 5). Without \`Retry-After\`: ${of.withoutRetryAfter}.`,
    `- The client sent its requests ${ms(of.late.p50Ms)} ms after they were due (p99 ${ms(of.late.p99Ms)}), which does not count.`,
    `- \`/livez\` meanwhile: p99 ${ms(livez.p99Ms)} ms, longest ${ms(livez.longestMs)} ms.`,
    `- A small model beside it, asked ten times a second: p50 ${ms(neighbour.overload.p50Ms)} ms, p99 ${ms(neighbour.overload.p99Ms)} ms (in the calm ${ms(neighbour.calm.p50Ms)} and ${ms(neighbour.calm.p99Ms)}).`,
    `- RSS: ${rss.first.toFixed(0)} MB at its beginning, ${rss.highest.toFixed(0)} MB at most, ${rss.last.toFixed(0)} MB at its end. CPUs used: ${of.cpus.toFixed(2)}.`,
    `- ${BURST} callers at once before it: ${burst['200']?.count ?? 0} answered, the last after ${ms(burst['200']?.longestMs)} ms.`,
    `- Exit code ${of.exitCode}.`,
    '',
    provenanceLine(of),
  ].join('\n')}\n`;
}
