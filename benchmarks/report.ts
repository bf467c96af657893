import {
  type Bar,
  bars,
  bestRatioOf,
  failuresIn,
  figureOf,
  inCell,
  isMet,
  ratioOf,
  type Rounds,
  rssMegabytes,
  startMs,
} from './comparison.ts';
import { type Cell, YARDSTICK } from './contenders.ts';
import { heading, known, notRunList, number, percent, type Plan, table, whole, withSpread } from './markdown.ts';
import type { Provenance } from './provenance.ts';
import type { Spread } from './statistics.ts';

/** A complete run, as stored in the results. */
export interface Report extends Provenance {
  readonly plan: Plan & { readonly cells: readonly Cell[] };
  /** By contender's id. */
  readonly titles: Readonly<Record<string, string>>;
  readonly notRun: Record<string, string>;
  readonly rounds: Rounds;
}

export function report(result: Report): string {
  const { plan } = result;
  return [
    ...heading('Benchmark', result, plan),
    '## The bars',
    barTable(result),
    '## Start and memory',
    contenderTable(
      result,
      ['start to first answer, ms', 'to the yardstick', 'RSS after warm-up, MB', 'to the yardstick'],
      (id) => [
        whole(figureOf(result.rounds, id, startMs).median),
        withSpread(ratioOf(result.rounds, id, YARDSTICK, startMs)),
        whole(figureOf(result.rounds, id, rssMegabytes).median),
        withSpread(ratioOf(result.rounds, id, YARDSTICK, rssMegabytes)),
      ],
    ),
    ...plan.cells.flatMap((cell) => [
      `## ${cell.rows === 1 ? 'One house' : `${cell.rows.toLocaleString('en')} rows`} a request, ${cell.connections} connection${cell.connections === 1 ? '' : 's'}`,
      cellTable(result, cell),
    ]),
    ...notRunList(result.notRun),
    '',
  ].join('\n\n');
}

function barTable({ rounds, titles }: Report): string {
  const measured = bars.filter(({ contender, to }) => titles[contender] !== undefined && titles[to] !== undefined);
  return table(
    ['bar', 'to', 'limit', 'measured', '', 'best rounds'],
    measured.map((bar) => {
      const ratio = ratioOf(rounds, bar.contender, bar.to, bar.measure);
      return [
        bar.text,
        titles[bar.to]!,
        limitOf(bar),
        withSpread(ratio),
        verdict(bar, ratio),
        known(bestRatioOf(rounds, bar.contender, bar.to, bar.measure), (one) => one.toFixed(2)),
      ];
    }),
  );
}

const limitOf = ({ limit, atLeast }: Bar): string => `${atLeast ? '≥' : '≤'} ${limit}`;

function verdict(bar: Bar, ratio: Spread): string {
  if (Number.isNaN(ratio.median)) return 'not measured';
  return isMet(bar, ratio) ? 'met' : '**not met**';
}

function cellTable(result: Report, cell: Cell): string {
  const cpu = inCell('cpuMicroseconds', cell);
  return contenderTable(
    result,
    ['CPU µs a request', 'to the yardstick', 'requests/s', 'p50 ms', 'p99 ms', 'not answered 200'],
    (id) => [
      whole(figureOf(result.rounds, id, cpu).median),
      withSpread(ratioOf(result.rounds, id, YARDSTICK, cpu)),
      whole(figureOf(result.rounds, id, inCell('requestsPerSecond', cell)).median),
      number(figureOf(result.rounds, id, inCell('p50Ms', cell)).median),
      number(figureOf(result.rounds, id, inCell('p99Ms', cell)).median),
      percent(failuresIn(result.rounds, id, cell)),
    ],
  );
}

function contenderTable({ titles, notRun }: Report, heads: readonly string[], cells: (id: string) => string[]): string {
  const ids = Object.keys(titles).filter((id) => notRun[id] === undefined);
  return table(
    ['', ...heads],
    ids.map((id) => [titles[id]!, ...cells(id)]),
  );
}
