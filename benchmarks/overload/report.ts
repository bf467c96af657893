import { percent, table, whole } from '../markdown.ts';
import { type Provenance, provenanceLine } from '../provenance.ts';
import type { ClosedLoop, ClosedLoopCell } from './closed-loop.ts';
import type { OpenLoop } from './open-loop.ts';
import { WORKERS } from './slow-model.ts';

const MAX_QUEUE_MS = 250;

export interface Result extends Provenance {
  readonly closed?: readonly ClosedLoopCell[];
  readonly open?: readonly OpenLoop[];
  readonly fast?: Readonly<Record<'limited' | 'unlimited', OpenLoop>>;
}

export function report({ closed, open, fast, ...of }: Result): string {
  return `${[
    '# Overload: who is rejected, and how long the others wait',
    ...(closed === undefined ? [] : closedLoopReport(closed)),
    ...(open === undefined ? [] : openLoopReport(open)),
    ...(fast === undefined ? [] : fastModelReport(fast)),
    provenanceLine(of),
  ].join('\n\n')}\n`;
}

/**
 * The limits: no request is rejected that would wait less than allowed, and the queue limit costs at most 5 % of the
 * rows.
 */
function closedLoopReport(cells: readonly ClosedLoopCell[]): string[] {
  const shareRejected = ({ answered, rejected }: ClosedLoop): number => rejected / (answered + rejected);
  const rows = cells.map(({ protocol, callers, rows: each, limited, unlimited }) => [
    protocol,
    String(callers),
    String(each),
    percent(shareRejected(limited)),
    whole(limited.rowsPerSecond),
    (limited.rowsPerSecond / unlimited.rowsPerSecond).toFixed(2),
    `${limited.p50Ms.toFixed(1)} / ${limited.p99Ms.toFixed(1)}`,
    `${unlimited.p50Ms.toFixed(1)} / ${unlimited.p99Ms.toFixed(1)}`,
    whole(limited.cpuMicroseconds),
  ]);
  const heads = ['', 'callers', 'rows each', 'rejected', 'rows/s', 'of those without a limit', 'p50 / p99 ms'];
  return [
    '## Callers who come back at once',
    'The housing model with every setting at its default. Each caller sends its next request as soon as it has its answer, also ' +
      'where that was a 503. The same server with no limit to the time that requests wait is asked in turns with it.',
    table([...heads, 'without a limit', 'CPU µs a request'], rows),
  ];
}

const ms = (value = Number.NaN): string => value.toFixed(1);

/** The limits of the open loop, as texts for a table. */
function openLoopReport(loops: readonly OpenLoop[]): string[] {
  return [
    '## A slow model, sent more than it can take',
    `Requests are sent evenly, whatever becomes of the earlier ones. Every setting is at its default but WORKERS=${WORKERS}: the client runs on the ` +
      'same machine, and the workers leave it one CPU.',
    table(
      [
        'ms a run',
        'times capacity',
        'answered',
        'of capacity',
        'p99 ms',
        'bar',
        'rejected p99 ms',
        '/livez longest',
        'RSS MB',
      ],
      loops.map(openLoopRow),
    ),
    '- answered: a second; the bar is 0.9 of the capacity, which two callers in turn find out. ' +
      `p99 bar: the unloaded p99, and max(MAX_QUEUE_MS, two runs), and one run. Rejected within 5 ms; /livez within 50 ms.`,
    ...loops.map(recoveryLine),
  ];
}

function openLoopRow(of: OpenLoop): string[] {
  const { alone, livez, rssMegabytes: rss } = of;
  const [answered, rejected] = [of.byStatus['200'], of.byStatus['503']];
  const bar = alone.p99Ms + Math.max(MAX_QUEUE_MS, 2 * of.runMs) + of.runMs;
  return [
    String(of.runMs),
    String(of.times),
    ms(answered?.perSecond),
    ((answered?.perSecond ?? 0) / of.capacityPerSecond).toFixed(2),
    ms(answered?.p99Ms),
    ms(bar),
    ms(rejected?.p99Ms),
    ms(livez.longestMs),
    `${rss.first.toFixed(0)} – ${rss.highest.toFixed(0)} – ${rss.last.toFixed(0)}`,
  ];
}

function recoveryLine(of: OpenLoop): string {
  const { calm, overload } = of.neighbour;
  const others = Object.entries(of.byStatus).filter(([status]) => !['200', '503'].includes(status));
  return [
    `- ${of.runMs} ms, ${of.times} times: from a second after the load on, ${JSON.stringify(of.after)} of half the capacity;`,
    `a small model beside it p50 ${ms(overload.p50Ms)} ms, p99 ${ms(overload.p99Ms)} (in the calm ${ms(calm.p50Ms)} and ${ms(calm.p99Ms)});`,
    `503 without Retry-After: ${of.withoutRetryAfter}; sent ${ms(of.late.p99Ms)} ms late at p99`,
    ...others.map(([status, { count }]) => `; ${count} times ${status}`),
  ].join(' ');
}

function fastModelReport({ limited, unlimited }: NonNullable<Result['fast']>): string[] {
  // Without a limit, answers continue after the load, until the last request, which waits longest, has its answer.
  const perSecond = ({ byStatus, seconds }: OpenLoop): number => {
    const { count = 0, longestMs = 0 } = byStatus['200'] ?? {};
    return count / (seconds + longestMs / 1000);
  };
  const row = (title: string, of: OpenLoop): string[] => [
    title,
    ms(perSecond(of)),
    ms(of.byStatus['200']?.p50Ms),
    ms(of.byStatus['200']?.p99Ms),
    whole(of.byStatus['503']?.count ?? 0),
  ];
  return [
    `## A model of ${limited.runMs} ms a run at twice its capacity`,
    table(
      ['', 'answered a second', 'p50 ms', 'p99 ms', 'rejected'],
      [row('default', limited), row('without a limit', unlimited)],
    ),
  ];
}
