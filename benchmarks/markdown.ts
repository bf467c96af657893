import type { Provenance } from './provenance.ts';
import type { Spread } from './statistics.ts';

/** How long each load is measured. The seconds are divided into turns that alternate with other loads. */
export interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly turns: number;
}

/** A list of what could not run, and why; empty if everything ran. */
export function notRunList(notRun: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(notRun);
  if (entries.length === 0) return [];
  return ['## Not run', entries.map(([id, reason]) => `- ${id}: ${reason}`).join('\n')];
}

/** The machine of the run, and how to read the figures. */
export function heading(title: string, { date, commit, changed, machine, versions }: Provenance, plan: Plan): string[] {
  return [
    `# ${title} of ${date.slice(0, 10)}, commit ${commit}${changed ? ' with changes' : ''}`,
    `${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GiB, load before the run ${machine.loadBefore.toFixed(1)}. ` +
      `${plan.rounds} rounds, each load ${plan.seconds} s in ${plan.turns} turns. ` +
      `Figures are medians of the rounds; ratios are taken within each round, with the lowest and highest in brackets; “best rounds” is the ratio of each one's lowest figure, which other work on the machine disturbs least.`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ') + '.',
  ];
}

/** A table in Markdown, with its first column aligned to the left. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

export const known = (value: number, format: (value: number) => string): string =>
  Number.isNaN(value) ? '–' : format(value);
export const whole = (value: number): string => known(value, (one) => Math.round(one).toLocaleString('en'));
export const number = (value: number): string =>
  known(value, (one) => (one < 1000 ? one.toPrecision(3) : Math.round(one).toLocaleString('en')));
export const percent = (share: number): string =>
  known(share, (one) => (one === 0 ? '0' : `${(one * 100).toFixed(1)} %`));
export const withSpread = ({ median, lowest, highest }: Spread): string =>
  known(median, () => `${median.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`);
