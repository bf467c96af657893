import { type Spread, spreadOf } from '../statistics.ts';
import type { Measured, Rounds } from './report.ts';

/** A requirement for Nestor: the ratio of two figures of one round is at most the limit. */
export interface Bar {
  readonly text: string;
  readonly to: string;
  readonly limit: number;
  readonly figure: (round: Find) => number;
  readonly yardstick: (round: Find) => number;
}

/** Finds the result of a server, a protocol and a case; its figures are NaN if that did not run. */
export type Find = (subject: string, protocol: string, id: string) => Measured;

const NESTOR = 'nestor';
const restBar = (protocol: string, title: string): Bar => ({
  text: `CPU time a request over ${title}, one house, 64 calls at a time`,
  to: '`/predict`',
  limit: 1.3,
  figure: (find) => find(NESTOR, protocol, 'house-64').cpuMicroseconds,
  yardstick: (find) => find(NESTOR, 'plain', 'house-64').cpuMicroseconds,
});

const grpcBar = (id: string, calls: string): Bar => ({
  text: `CPU time a call over gRPC, one house, ${calls}`,
  to: 'bare grpc-js echo of the same bytes, and 1.5 times what a call costs more where the bare server runs the session',
  limit: 1,
  figure: (find) => find(NESTOR, 'grpc', id).cpuMicroseconds,
  yardstick: (find) => {
    const [echo, batched] = ['echo', 'grpc-batched'].map((subject) => find(subject, 'grpc', id).cpuMicroseconds);
    return echo! + 1.5 * (batched! - echo!);
  },
});

const readBars = (id: string, calls: string): readonly Bar[] => [
  {
    text: `CPU time a MB of a 19 MB body, ${calls}`,
    to: 'bare node:http that only reads it',
    limit: 1.3,
    figure: (find) => find(NESTOR, 'rest-binary', id).cpuMicroseconds,
    yardstick: (find) => find('reader', 'rest-binary', id).cpuMicroseconds,
  },
  {
    text: `MB/s of it, ${calls}: the bare server's to Nestor's`,
    to: 'bare node:http that only reads it',
    limit: 1.3,
    figure: (find) => find('reader', 'rest-binary', id).requestsPerSecond,
    yardstick: (find) => find(NESTOR, 'rest-binary', id).requestsPerSecond,
  },
];

const memoryBar = (id: string, callers: number, calls: string): Bar => ({
  text: `peak RSS beyond that at rest, a request under way, ${calls}`,
  to: 'the body',
  limit: 2.5,
  figure: (find) => find(NESTOR, 'rest-binary', id).grownBytes / callers,
  yardstick: (find) => find(NESTOR, 'rest-binary', id).bodyBytes,
});

const [ONE, FOUR, MANY] = ['one call at a time', '4 calls at a time', '64 calls at a time'];

export const bars: readonly Bar[] = [
  restBar('rest-json', 'V2 REST in JSON'),
  restBar('rest-binary', 'V2 REST in binary'),
  grpcBar('house-64', MANY),
  grpcBar('house-1', ONE),
  ...readBars('batch-1', ONE),
  ...readBars('batch-4', FOUR),
  memoryBar('batch-1', 1, ONE),
  memoryBar('batch-4', 4, FOUR),
];

/** The ratio within each round, in which the machine's load was the same for both, and the ratio of the best rounds. */
export function ratioOf({ figure, yardstick }: Bar, rounds: Rounds): { inRounds: Spread; best: number } {
  const finds = rounds.map(finder);
  return {
    inRounds: spreadOf(finds.map((find) => figure(find) / yardstick(find))),
    best: spreadOf(finds.map(figure)).lowest / spreadOf(finds.map(yardstick)).lowest,
  };
}

const NOTHING = new Proxy({} as Measured, { get: () => Number.NaN });

function finder(round: readonly Measured[]): Find {
  return (subject, protocol, id) =>
    round.find((one) => one.subject === subject && one.protocol === protocol && one.case === id) ?? NOTHING;
}
