import type { Provenance } from '../provenance.ts';
import { provenanceLine } from '../provenance.ts';
import { quantile } from '../statistics.ts';

export interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

/** The results of one contender for the file, and for a file with one row. */
export interface Measured {
  readonly title: string;
  readonly runs: Run[];
  readonly oneRow: Run[];
}

export interface Result extends Provenance {
  readonly rows: number;
  readonly tasks: readonly { readonly rows: string; readonly bytes: number; readonly measured: readonly Measured[] }[];
}

export function report(result: Result): string {
  const { tasks, rows } = result;
  const rounds = tasks[0]?.measured[0]?.runs.length ?? 0;
  return [
    `# Labelling ${rows.toLocaleString('en')} rows\n\n`,
    'A CSV file in, the same with its predictions out; every prediction is the one that scikit-learn makes.\n\n',
    ...tasks.flatMap((task) => taskTable(task, rows)),
    `${provenanceLine(result, /^(node|onnxruntime|pandas)/)} ${rounds} rounds.\n`,
  ].join('');
}

function taskTable({ rows: name, bytes, measured }: Result['tasks'][number], rows: number): readonly string[] {
  const lines = measured.map(({ title, runs, oneRow }) => {
    const [peak, base] = [median(runs, 'peakMegabytes'), median(oneRow, 'peakMegabytes')];
    const cells = [
      title,
      Math.round(rows / median(runs, 'seconds')).toLocaleString('en'),
      Math.round(rows / least(runs, 'seconds')).toLocaleString('en'),
      least(runs, 'cpuSeconds').toFixed(1),
      `${Math.round(peak)} MB`,
      `${Math.round(base)} MB`,
      `${Math.round(Math.max(0, peak - base))} MB`,
    ];
    return `| ${cells.join(' | ')} |\n`;
  });
  return [
    `## ${name[0]!.toUpperCase()}${name.slice(1)}, ${(bytes / 1e6).toFixed(1)} MB\n\n`,
    '| | rows/s, median | rows/s, best | CPU seconds, least | peak RSS | RSS for one row | the file takes |\n',
    '|---|---:|---:|---:|---:|---:|---:|\n',
    ...lines,
    '\n',
  ];
}

function median(runs: readonly Run[], key: keyof Run): number {
  return quantile(
    runs.map((run) => run[key]).sort((a, b) => a - b),
    0.5,
  );
}

const least = (runs: readonly Run[], key: keyof Run): number => Math.min(...runs.map((run) => run[key]));
