import { type Cell, YARDSTICK } from './contenders.ts';
import type { Measurement } from './load.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** The result of one contender in one round. */
export interface Round {
  readonly contender: string;
  readonly startMs: number;
  readonly rssMegabytes: number;
  readonly cells: readonly (Cell & Measurement)[];
}

/** All rounds of a run; `rounds[i]` has the results of the same round. */
export type Rounds = readonly (readonly Round[])[];

/** Reads one number of a contender's round; NaN if it was not measured. */
export type Measure = (round: Round) => number;

type Figure = 'cpuMicroseconds' | 'requestsPerSecond' | 'p50Ms' | 'p99Ms';

/** Fewer answers give no reliable mean, let alone a 99th percentile. */
const FEWEST_ANSWERS = 5;

export const startMs: Measure = (round) => round.startMs;
export const rssMegabytes: Measure = (round) => round.rssMegabytes;

export function inCell(figure: Figure, { rows, connections }: Cell): Measure {
  return (round) => {
    const cell = round.cells.find((one) => one.rows === rows && one.connections === connections);
    return cell === undefined || cell.answered < FEWEST_ANSWERS ? Number.NaN : cell[figure];
  };
}

export function failuresIn(rounds: Rounds, contender: string, { rows, connections }: Cell): number {
  const cells = rounds
    .flat()
    .filter((round) => round.contender === contender)
    .flatMap((round) => round.cells.filter((cell) => cell.rows === rows && cell.connections === connections));
  const failed = cells.reduce((sum, cell) => sum + cell.failed, 0);
  return failed / (failed + cells.reduce((sum, cell) => sum + cell.answered, 0));
}

export function figureOf(rounds: Rounds, contender: string, measure: Measure): Spread {
  return spreadOf(rounds.map((round) => valueIn(round, contender, measure)));
}

/** The median of the ratios within each round, in which the machine's load was the same for both. */
export function ratioOf(rounds: Rounds, contender: string, to: string, measure: Measure): Spread {
  return spreadOf(rounds.map((round) => valueIn(round, contender, measure) / valueIn(round, to, measure)));
}

/**
 * The ratio of the best rounds of both. Other work on the machine only ever adds cost, so that on a busy machine this
 * is more accurate than the median, and on a quiet one they agree.
 */
export function bestRatioOf(rounds: Rounds, contender: string, to: string, measure: Measure): number {
  return figureOf(rounds, contender, measure).lowest / figureOf(rounds, to, measure).lowest;
}

function valueIn(round: readonly Round[], contender: string, measure: Measure): number {
  const found = round.find((one) => one.contender === contender);
  return found === undefined ? Number.NaN : measure(found);
}

/** A requirement: a ratio, a limit, and the side of the limit on which the ratio must be. */
export interface Bar {
  readonly text: string;
  readonly contender: string;
  readonly to: string;
  readonly measure: Measure;
  readonly limit: number;
  readonly atLeast?: true;
}

const HOUSE_AT_64 = inCell('cpuMicroseconds', { rows: 1, connections: 64 });

const peerBar = (peer: string, title: string, limit: number): Bar => ({
  text: `CPU time of ${title} a request, to Nestor's (one house, 64 connections)`,
  contender: peer,
  to: 'nestor',
  measure: HOUSE_AT_64,
  limit,
  atLeast: true,
});

export const bars: readonly Bar[] = [
  {
    text: 'CPU time a request, one house, 64 connections',
    contender: 'nestor',
    to: YARDSTICK,
    measure: HOUSE_AT_64,
    limit: 1.5,
  },
  {
    text: 'the same, to the unbatched bare server',
    contender: 'nestor',
    to: 'unbatched',
    measure: HOUSE_AT_64,
    limit: 1,
  },
  {
    text: 'p50 of a lone request (1 connection)',
    contender: 'nestor',
    to: YARDSTICK,
    measure: inCell('p50Ms', { rows: 1, connections: 1 }),
    limit: 1.4,
  },
  {
    text: 'CPU time of a request of 1,000 rows (1 connection)',
    contender: 'nestor',
    to: YARDSTICK,
    measure: inCell('cpuMicroseconds', { rows: 1000, connections: 1 }),
    limit: 1.3,
  },
  { text: 'start to the first right answer', contender: 'nestor', to: YARDSTICK, measure: startMs, limit: 3 },
  { text: 'RSS after warm-up', contender: 'nestor', to: YARDSTICK, measure: rssMegabytes, limit: 1.5 },
  peerBar('fastapi', 'FastAPI', 5),
  peerBar('kserve', "KServe's SDK", 10),
  peerBar('mlserver', 'MLServer', 10),
  peerBar('triton', 'Triton with its Python backend', 2),
  peerBar('flask', "Flask's development server", 100),
];

export function isMet({ limit, atLeast }: Bar, { median }: Spread): boolean {
  return atLeast ? median >= limit : median <= limit;
}
