import { setTimeout as sleep } from 'node:timers/promises';
import autocannon, { type Client, type Options } from 'autocannon';
import { EXIT, type ExitCode } from '../exit.ts';
import { columns, heading, rounded } from '../terminal.ts';
import type { LoadOptions } from './command.ts';
import { predictionFor } from './request.ts';
import { type Figures, Tally } from './tally.ts';

/** The header by which a pod says its name. */
const SERVED_BY = 'x-served-by';
/** How often autocannon looks whether it was stopped. */
const CHECK_MS = 100;
/** A server that refuses connections is given this long before it is tried again: autocannon would try without a pause. */
const PAUSE_MS = 1000;
const HEADING_EVERY = 20;
const WIDTHS = [8, 9, 9, 9, 20];

/** Sends predictions at a constant rate until it is told to stop, and reports what came of them. */
export async function load(url: string, options: LoadOptions): Promise<ExitCode> {
  const { body, headers, url: to } = await predictionFor(url, options);
  const [total, second] = [new Tally(), new Tally()];
  const over = new AbortController();
  const stop = (): void => over.abort();
  const isOver = (): boolean => over.signal.aborted;
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const deadline = options.duration === undefined ? undefined : setTimeout(stop, options.duration * 1000);
  process.stderr.write(`POST ${to}: ${options.rate} a second over ${options.connections} connections\n`);
  const live = showEverySecond(second);
  try {
    while (!isOver()) {
      await send({ url: to, body, headers, ...rateOf(options) }, [total, second], over.signal);
      if (!isOver()) await sleep(PAUSE_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  } finally {
    clearInterval(live);
    clearTimeout(deadline);
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
  const { figures } = total;
  process.stdout.write(options.json ? `${JSON.stringify({ url: to, ...figures })}\n` : summary(figures));
  return figures.failed === 0 && figures.answered > 0 ? EXIT.ok : EXIT.failure;
}

function rateOf({ rate, connections, requestsPerConnection }: LoadOptions): Partial<Options> {
  return { overallRate: rate, connections: Math.min(rate, connections), reconnectRate: requestsPerConnection };
}

/** Sends until the signal comes, or until connections fail more often than they could by chance. */
function send(options: Options, tallies: readonly Tally[], over: AbortSignal): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  let failures = 0;
  const setupClient = (client: Client): void => {
    client.on('headers', (head: unknown) => {
      const { statusCode, headers } = head as ParsedHead;
      const servedBy = valueOf(headers, SERVED_BY);
      for (const tally of tallies) tally.answer(statusCode, servedBy);
    });
  };
  const instance = autocannon(
    { ...options, method: 'POST', duration: 2 ** 31 / 1000 - 1, sampleInt: CHECK_MS, setupClient },
    (error: Error | null) => (error ? reject(error) : resolve(undefined)),
  );
  const stop = (): void => instance.stop();
  // Not told of the last request of a connection, which says as much as the others.
  instance.on('response', (_client, _status, _bytes, milliseconds) => {
    for (const tally of tallies) tally.latency(milliseconds);
  });
  instance.on('reqError', (error: NodeJS.ErrnoException) => {
    failures += 1;
    if (failures > options.connections! * 2) stop();
    else for (const tally of tallies) tally.fail(error.code ?? error.message);
  });
  over.addEventListener('abort', stop, { once: true });
  return promise.finally(() => over.removeEventListener('abort', stop));
}

/** What autocannon's parser makes of the head of an answer; names and values of headers in turn. */
interface ParsedHead {
  readonly statusCode: number;
  readonly headers: readonly string[];
}

function valueOf(headers: readonly string[], name: string): string | undefined {
  for (let at = 0; at < headers.length; at += 2) if (headers[at]!.toLowerCase() === name) return headers[at + 1];
  return undefined;
}

function showEverySecond(second: Tally): NodeJS.Timeout {
  const begun = performance.now();
  let lines = 0;
  return setInterval(() => {
    if (lines % HEADING_EVERY === 0)
      process.stderr.write(line(['TIME', 'RATE', 'P50 MS', 'P99 MS', 'ERRORS', 'ANSWERED BY']));
    lines += 1;
    const { perSecond, p50, p99, errors, servedBy } = second.figures;
    second.reset();
    const time = `${Math.round((performance.now() - begun) / 1000)} s`;
    process.stderr.write(line([time, `${rounded(perSecond)}/s`, ms(p50), ms(p99), counts(errors), counts(servedBy)]));
  }, 1000);
}

function line(cells: readonly string[]): string {
  return `${cells
    .map((cell, at) => cell.padEnd(WIDTHS[at] ?? 0))
    .join(' ')
    .trimEnd()}\n`;
}

const ms = (value: number | null): string => (value === null ? '–' : rounded(value));

function counts(by: Readonly<Record<string, number>>): string {
  const entries = Object.entries(by).map(([key, count]) => `${key}: ${count}`);
  return entries.length === 0 ? '–' : entries.join(', ');
}

function summary({ seconds, answered, perSecond, failed, errors, servedBy, p50, p90, p99, max }: Figures): string {
  const rows = [
    ['answered', `${rounded(answered)} in ${rounded(seconds)} s (${rounded(perSecond)} a second)`],
    ['failed', failed === 0 ? '0' : `${failed} (${counts(errors)})`],
    ['latency in ms', `p50 ${ms(p50)}, p90 ${ms(p90)}, p99 ${ms(p99)}, at most ${ms(max)}`],
    ['answered by', counts(servedBy)],
  ];
  return `${heading('Summary')}\n${columns(rows)}`;
}
