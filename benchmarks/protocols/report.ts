import type { Measurement } from '../load.ts';
import { heading, known, notRunList, number, percent, type Plan, table, whole, withSpread } from '../markdown.ts';
import type { Provenance } from '../provenance.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { bars, ratioOf } from './bars.ts';
import { type Case, stages } from './cases.ts';

/** One case with one server over one protocol, in one round. */
export interface Measured extends Measurement {
  readonly case: string;
  readonly subject: string;
  readonly title: string;
  readonly protocol: string;
  readonly bodyBytes: number;
  /** The highest resident memory of its first process, beyond its idle memory before the first of these bodies. */
  readonly grownBytes: number;
  /** How many requests shared a run of the model, for Nestor. */
  readonly requestsARun?: number;
}

export type Rounds = readonly (readonly Measured[])[];

/** A complete run, as stored in the results. */
export interface Result extends Provenance {
  readonly plan: Plan;
  readonly notRun: Readonly<Record<string, string>>;
  readonly rounds: Rounds;
}

export function report(result: Result): string {
  return [
    ...heading('Benchmark of the protocols', result, result.plan),
    '## The bars',
    barTable(result.rounds),
    ...stages.flatMap(({ id, cases }) =>
      cases.flatMap((one) => [`## ${one.title}`, (id === 'bodies' ? bodyTable : callTable)(result.rounds, one)]),
    ),
    ...notRunList(result.notRun),
    '',
  ].join('\n\n');
}

function barTable(rounds: Rounds): string {
  return table(
    ['bar', 'to', 'limit', 'measured', '', 'best rounds'],
    bars.map((bar) => {
      const { inRounds, best } = ratioOf(bar, rounds);
      if (Number.isNaN(inRounds.median)) return [bar.text, bar.to, `≤ ${bar.limit}`, '–', 'not measured', '–'];
      const verdict = inRounds.median <= bar.limit ? 'met' : '**not met**';
      return [bar.text, bar.to, `≤ ${bar.limit}`, withSpread(inRounds), verdict, known(best, (one) => one.toFixed(2))];
    }),
  );
}

function callTable(rounds: Rounds, { id }: Case): string {
  return table(
    ['', 'CPU µs a call', 'calls a run', 'calls/s', 'p50 ms', 'p99 ms', 'not answered'],
    titlesIn(rounds, id).map((title) => {
      const of = figures(rounds, id, title);
      return [
        title,
        whole(of((one) => one.cpuMicroseconds).median),
        number(of((one) => one.requestsARun ?? Number.NaN).median),
        whole(of((one) => one.requestsPerSecond).median),
        number(of((one) => one.p50Ms).median),
        number(of((one) => one.p99Ms).median),
        percent(of(({ failed, answered }) => failed / (failed + answered)).median),
      ];
    }),
  );
}

function bodyTable(rounds: Rounds, { id, callers, work }: Case): string {
  const tensorMegabytes = work.data.byteLength / 1e6;
  return table(
    ['', 'body, MB', 'tensor MB/s', 'CPU ms a MB of the tensor', 'peak RSS beyond that at rest, MB', 'bodies a call'],
    titlesIn(rounds, id).map((title) => {
      const of = figures(rounds, id, title);
      return [
        title,
        number(of((one) => one.bodyBytes / 1e6).median),
        whole(of((one) => one.requestsPerSecond * tensorMegabytes).median),
        number(of((one) => one.cpuMicroseconds / 1000 / tensorMegabytes).median),
        whole(of((one) => one.grownBytes / 1e6).median),
        number(of((one) => one.grownBytes / one.bodyBytes / callers).median),
      ];
    }),
  );
}

function titlesIn(rounds: Rounds, id: string): string[] {
  return [...new Set(rounds.flat().flatMap((one) => (one.case === id ? [one.title] : [])))].sort();
}

function figures(rounds: Rounds, id: string, title: string): (figure: (one: Measured) => number) => Spread {
  const measured = rounds.flat().filter((one) => one.case === id && one.title === title);
  return (figure) => spreadOf(measured.map(figure));
}
