import { EXIT, type ExitCode } from '../exit.ts';
import { columns, heading, rounded } from '../terminal.ts';
import type { LoadOptions } from './command.ts';
import { predictionFor } from './request.ts';
import { type Figures, Tally } from './tally.ts';
import { send, type Witness } from './traffic.ts';

const HEADING_EVERY = 20;
const WIDTHS = [8, 9, 9, 9, 20];

/** Sends predictions at a constant rate until it is told to stop, and reports the results. */
export async function load(url: string, options: LoadOptions): Promise<ExitCode> {
  const prediction = await predictionFor(url, options);
  const { rate, requestsPerConnection } = options;
  const connections = Math.min(rate, options.connections);
  const [total, second] = [new Tally(), new Tally()];
  const over = new AbortController();
  const stop = (): void => over.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const deadline = options.duration === undefined ? undefined : setTimeout(stop, options.duration * 1000);
  process.stderr.write(`POST ${prediction.url.href}: ${rate} requests per second over ${connections} connections\n`);
  const live = showEverySecond(second);
  try {
    await send({ ...prediction, rate, connections, requestsPerConnection }, both(total, second), over.signal);
  } finally {
    clearInterval(live);
    clearTimeout(deadline);
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
  const { figures } = total;
  process.stdout.write(
    options.json ? `${JSON.stringify({ url: prediction.url.href, ...figures })}\n` : summary(figures),
  );
  return figures.failed === 0 && figures.answered > 0 ? EXIT.ok : EXIT.failure;
}

function both(one: Witness, other: Witness): Witness {
  return {
    answer(answer) {
      one.answer(answer);
      other.answer(answer);
    },
    failure(reason) {
      one.failure(reason);
      other.failure(reason);
    },
  };
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
    process.stderr.write(
      line([time, `${rounded(perSecond)}/s`, ms(p50), ms(p99), counts(errors), counts(servedBy, endOf)]),
    );
  }, 1000);
}

function line(cells: readonly string[]): string {
  return `${cells
    .map((cell, at) => cell.padEnd(WIDTHS[at] ?? 0))
    .join(' ')
    .trimEnd()}\n`;
}

const ms = (value: number | null): string => (value === null ? '–' : rounded(value));

/** The end of a pod's name, which differs between the pods of a Deployment. */
const endOf = (pod: string): string => pod.slice(pod.lastIndexOf('-') + 1);

function counts(by: Readonly<Record<string, number>>, nameOf = (key: string): string => key): string {
  const entries = Object.entries(by).map(([key, count]) => `${nameOf(key)}: ${count}`);
  return entries.length === 0 ? '–' : entries.join(', ');
}

function summary({ seconds, answered, perSecond, failed, errors, servedBy, p50, p90, p99, max }: Figures): string {
  const rows = [
    ['answered', `${rounded(answered)} in ${rounded(seconds)} s (${rounded(perSecond)} per second)`],
    ['failed', failed === 0 ? '0' : `${failed} (${counts(errors)})`],
    ['latency in ms', `p50 ${ms(p50)}, p90 ${ms(p90)}, p99 ${ms(p99)}, at most ${ms(max)}`],
    ['answered by', counts(servedBy)],
  ];
  return `${heading('Summary')}\n${columns(rows)}`;
}
