import type { VNode } from 'preact';
import { niceCeiling } from './scale.ts';

export interface Line {
  readonly name: string;
  /** One value per step, oldest first; a gap is undefined. */
  readonly values: readonly (number | undefined)[];
}

interface LineChartProps {
  readonly title: string;
  readonly lines: readonly Line[];
  /** How many steps the width holds; a shorter history is on the right. */
  readonly steps: number;
  readonly format: (value: number) => string;
  /** The time of the whole width, such as "5 min". */
  readonly span: string;
}

const WIDTH = 300;
const HEIGHT = 100;

/** Values over time. The latest ones are above the chart as text, for people who do not see the lines too. */
export function LineChart({ title, lines, steps, format, span }: LineChartProps): VNode {
  const known = lines.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const top = niceCeiling(Math.max(0, ...known));
  return (
    <figure class="chart">
      <figcaption>
        <span>{title}</span>
        <span class="chart-latest">
          {lines.map(({ name, values }, at) => (
            <span key={name} class={`line-${at}`}>
              {lines.length > 1 && <small>{name} </small>}
              <strong>{latest(values, format)}</strong>
            </span>
          ))}
        </span>
      </figcaption>
      <div class="plot" role="img" aria-label={`${title} over the last ${span}, at most ${format(top)}`}>
        <span class="axis axis-top">{format(top)}</span>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {[0, 0.5, 1].map((share) => (
            <line key={share} class="grid" x1="0" x2={WIDTH} y1={HEIGHT * share} y2={HEIGHT * share} />
          ))}
          {lines.map(({ name, values }, at) => (
            <path key={name} class={`line line-${at}`} d={pathOf(values, steps, top)} />
          ))}
        </svg>
        <span class="axis axis-start">{span} ago</span>
        <span class="axis axis-end">now</span>
      </div>
    </figure>
  );
}

function latest(values: Line['values'], format: (value: number) => string): string {
  const value = values.at(-1);
  return value === undefined ? '–' : format(value);
}

function pathOf(values: Line['values'], steps: number, top: number): string {
  const offset = steps - values.length;
  let pen = 'M';
  return values
    .map((value, at) => {
      if (value === undefined) {
        pen = 'M';
        return '';
      }
      const x = (((offset + at) / Math.max(1, steps - 1)) * WIDTH).toFixed(1);
      const point = `${pen}${x} ${(HEIGHT * (1 - value / top)).toFixed(1)}`;
      // A point without neighbours appears as a dot: a very short line with round ends.
      const alone = pen === 'M' && values[at + 1] === undefined ? 'h0.01' : '';
      pen = 'L';
      return point + alone;
    })
    .join('');
}
