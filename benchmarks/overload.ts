/**
 * Sends a model of 20 ms a run ten times what it can take, for 60 seconds, and shows what comes of it: rates of 200 and
 * 503, how long each takes against an unloaded server, the liveness probe, and memory.
 *
 *     npm run benchmark:overload -- [--seconds N] [--times N]
 */
import autocannon, { type Instance } from 'autocannon';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { NestorProcess } from './nestor-process.ts';
import { provenance } from './provenance.ts';
import { quantile } from './statistics.ts';

const { values: flags } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, times: { type: 'string', default: '10' } },
});
const SECONDS = Number(flags.seconds);
const TIMES = Number(flags.times);
const BODY = JSON.stringify({ milliseconds: 20 });
const CONNECTIONS = 256;
const PROBE_MS = 100;

interface Outcome {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The answers of a load by status, and requests without an answer. */
async function load(
  url: string,
  connections: number,
  seconds: number,
  rate?: number,
): Promise<{ byStatus: Record<string, Outcome>; unanswered: number }> {
  const times = new Map<number, number[]>();
  let unanswered = 0;
  await new Promise((resolve, reject) => {
    const options = {
      url,
      method: 'POST' as const,
      headers: { 'content-type': 'application/json' },
      body: BODY,
      connections,
      duration: seconds,
      timeout: 60,
      ...(rate !== undefined && { overallRate: rate }),
    };
    const instance: Instance = autocannon(options, (error: Error | null, result) =>
      error ? reject(error) : resolve(result),
    );
    instance.on('response', (_client, status, _bytes, ms) => {
      const list = times.get(status);
      if (list === undefined) times.set(status, [ms]);
      else list.push(ms);
    });
    instance.on('reqError', () => (unanswered += 1));
  });
  const outcomes = [...times].map(([status, list]): [string, Outcome] => {
    list.sort((a, b) => a - b);
    return [
      String(status),
      { perSecond: list.length / seconds, p50Ms: quantile(list, 0.5), p99Ms: quantile(list, 0.99) },
    ];
  });
  return { byStatus: Object.fromEntries(outcomes), unanswered };
}

/** Asks for /livez and reads memory until told to stop. */
async function observe(nestor: NestorProcess, going: () => boolean): Promise<{ livezMs: number[]; rss: number[] }> {
  const [livezMs, rss]: [number[], number[]] = [[], []];
  while (going()) {
    const began = performance.now();
    const response = await fetch(`${nestor.url}/livez`);
    await response.arrayBuffer();
    livezMs.push(response.ok ? performance.now() - began : Infinity);
    rss.push(nestor.usage().rssBytes / 1e6);
    await sleep(PROBE_MS);
  }
  return { livezMs: livezMs.sort((a, b) => a - b), rss };
}

const nestor = await NestorProcess.start({ MODELS: 'test/models/slow', DRAIN_SECONDS: '0' });
const url = `${nestor.url}/predict`;
await load(url, 4, 2);
const unloaded = (await load(url, 1, 5)).byStatus['200']!;
const capacity = (await load(url, 16, 5)).byStatus['200']!;
const rate = Math.round(capacity.perSecond * TIMES);
console.error(
  `Alone ${unloaded.p50Ms.toFixed(1)} ms; ${capacity.perSecond.toFixed(0)} requests/s at most; now ${rate} for ${SECONDS} s`,
);
let going = true;
const observing = observe(nestor, () => going);
const { byStatus, unanswered } = await load(url, CONNECTIONS, SECONDS, rate);
going = false;
const { livezMs, rss } = await observing;
const exitCode = await nestor.stop();

const result = {
  ...provenance(),
  ...{
    times: TIMES,
    seconds: SECONDS,
    unloaded,
    capacityPerSecond: capacity.perSecond,
    sentPerSecond: rate,
    byStatus,
    unanswered,
    exitCode,
  },
  livez: { p50Ms: quantile(livezMs, 0.5), p99Ms: quantile(livezMs, 0.99), longestMs: livezMs.at(-1) },
  rssMegabytes: { first: rss[0], highest: Math.max(...rss), last: rss.at(-1) },
};
mkdirSync('benchmarks/results', { recursive: true });
writeFileSync('benchmarks/results/overload.json', `${JSON.stringify(result, undefined, 1)}\n`);

const ms = (value: number): string => value.toFixed(1);
const line = (name: string, outcome: Outcome | undefined): string =>
  outcome === undefined
    ? `| ${name} | 0 | – | – |`
    : `| ${name} | ${outcome.perSecond.toFixed(0)} | ${ms(outcome.p50Ms)} | ${ms(outcome.p99Ms)} |`;
console.log(
  [
    `A model of 20 ms a run, sent ${rate} requests/s (${TIMES} times what it answered at most) for ${SECONDS} s`,
    '',
    '| | a second | p50 ms | p99 ms |',
    '| --- | ---: | ---: | ---: |',
    line('alone', unloaded),
    line('200', byStatus['200']),
    line('503', byStatus['503']),
    ...Object.keys(byStatus)
      .filter((status) => !['200', '503'].includes(status))
      .map((status) => line(status, byStatus[status])),
    '',
    `p99 of the admitted: ${((byStatus['200']?.p99Ms ?? Number.NaN) / unloaded.p99Ms).toFixed(2)} times the unloaded p99 (at most 2). Without an answer: ${unanswered}.`,
    `/livez: p99 ${ms(result.livez.p99Ms)} ms, longest ${ms(result.livez.longestMs ?? Number.NaN)} ms. RSS: ${rss[0]?.toFixed(0)} MB at first, ${Math.max(...rss).toFixed(0)} MB at most. Exit code ${exitCode}.`,
  ].join('\n'),
);
