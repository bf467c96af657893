import { number, percent, table, whole, withSpread } from '../markdown.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { type ServerId, SERVER_IDS, SERVERS } from './servers.ts';
import type { Window } from './window.ts';

/** The results of all servers under one load. */
export interface Measured {
  readonly model: string;
  readonly upload: string;
  readonly callers: number;
  /** One window per round. */
  readonly windows: Readonly<Record<ServerId, readonly Window[]>>;
}

/** The limits of Nestor's CPU time, relative to each of the others. */
const BARS = { bare: 1.15, pillow: 0.7, opencv: 0.7 } as const;
const OTHERS = Object.keys(BARS) as (keyof typeof BARS)[];
const LIVEZ_BAR_MS = 50;

/** One line per load: Nestor's CPU time per picture relative to the others', and its longest /livez. */
export function barTable(measured: readonly Measured[]): string {
  const heads = [
    ...['model', 'upload', 'callers'],
    ...OTHERS.map((id) => `CPU to ${SERVERS[id]} (≤ ${BARS[id]})`),
    `longest /livez, ms (< ${LIVEZ_BAR_MS})`,
  ];
  const rows = measured.map((one) => {
    const livezMs = longestLivez(one.windows.nestor);
    return [
      ...[one.model, one.upload, String(one.callers)],
      ...OTHERS.map((id) => {
        const ratio = cpuRatio(one, id);
        return `${withSpread(ratio)}${verdict(ratio.median <= BARS[id])}`;
      }),
      `${livezMs.toFixed(1)}${verdict(livezMs < LIVEZ_BAR_MS)}`,
    ];
  });
  return table(heads, rows);
}

/** One section per load, with one line per server. */
export function loadTables(measured: readonly Measured[]): string[] {
  const heads = [
    'server',
    'pictures/s',
    'answered 503',
    'CPU ms a picture',
    'p99 ms',
    'peak RSS, MB',
    'longest /livez, ms',
  ];
  return measured.flatMap(({ model, upload, callers, windows }) => [
    `## ${model}, ${upload}, ${callers} ${callers === 1 ? 'caller' : 'callers'}`,
    table(
      heads,
      SERVER_IDS.map((id) => {
        const median = (figure: keyof Window): number => spreadOf(windows[id].map((one) => one[figure])).median;
        return [
          SERVERS[id],
          number(median('picturesPerSecond')),
          percent(median('rejected')),
          number(median('cpuMs')),
          number(median('p99Ms')),
          whole(median('peakMegabytes')),
          longestLivez(windows[id]).toFixed(1),
        ];
      }),
    ),
  ]);
}

/** The ratios within each round, in which the machine's load was the same for both. */
export function cpuRatio({ windows }: Measured, to: ServerId): Spread {
  return spreadOf(windows.nestor.map((one, round) => one.cpuMs / windows[to][round]!.cpuMs));
}

/** Over all rounds, since the limit applies throughout. */
const longestLivez = (windows: readonly Window[]): number => Math.max(...windows.map(({ livezMs }) => livezMs));

const verdict = (isMet: boolean): string => (isMet ? '' : ' **not met**');
