import { figureOf, inCell } from './comparison.ts';
import type { Report } from './report.ts';
import type { Spread } from './statistics.ts';

const WIDTH = 860;
const LEFT = 300;
const RIGHT = 110;
const ROW = 26;
const PANEL_HEAD = 46;
const PANEL_FOOT = 54;
const TITLE = 60;

const STYLE = `
  .ground { fill: #ffffff } text { fill: #1f2328; font: 13px system-ui, sans-serif }
  .title { font-size: 17px; font-weight: 600 } .head { font-weight: 600 } .quiet { fill: #59636e }
  .bar { fill: #8c959f } .ours { fill: #0969da } .grid { stroke: #d1d9e0 } .range { stroke: #1f2328; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } text { fill: #f0f6fc } .quiet { fill: #9198a1 }
    .bar { fill: #656c76 } .ours { fill: #4493f8 } .grid { stroke: #3d444d } .range { stroke: #f0f6fc }
  }`;

interface Line {
  readonly title: string;
  readonly ours: boolean;
  readonly cost: Spread;
}

/** CPU time per request at the most informative loads, one panel each, as an SVG for light and dark pages. */
export function plot(result: Report): string {
  const wanted = [
    { rows: 1, connections: 64, head: 'One house a request, 64 connections' },
    { rows: 1000, connections: 1, head: '1,000 rows a request, 1 connection' },
  ];
  let top = TITLE;
  const panels = wanted.map(({ head, ...cell }) => {
    const lines = Object.entries(result.titles)
      .map(([id, title]): Line => ({
        title,
        ours: id === 'nestor',
        cost: figureOf(result.rounds, id, inCell('cpuMicroseconds', cell)),
      }))
      .filter(({ cost }) => cost.median > 0)
      .sort((a, b) => a.cost.median - b.cost.median);
    if (lines.length === 0) return '';
    const drawn = panel(lines, head, top);
    top += PANEL_HEAD + lines.length * ROW + PANEL_FOOT;
    return drawn;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}" role="img" aria-label="Processor time a request, by server">
<style>${STYLE}</style>
<rect class="ground" width="100%" height="100%" rx="8"/>
<text class="title" x="20" y="32">Processor time a request, by server (less is better)</text>
<text class="quiet" x="20" y="52">Commit ${result.commit}, ${result.date.slice(0, 10)}, ${result.machine.cores} cores; bars: medians of ${result.plan.rounds} rounds; lines: lowest to highest</text>
${panels.join('')}</svg>
`;
}

/** A logarithmic axis, in full decades, since the contenders differ by a factor of a hundred. */
function panel(lines: readonly Line[], head: string, top: number): string {
  const low = 10 ** Math.floor(Math.log10(Math.min(...lines.map(({ cost }) => cost.lowest))));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...lines.map(({ cost }) => cost.highest)) * 1.001));
  const x = (value: number): number => LEFT + (Math.log(value / low) / Math.log(high / low)) * (WIDTH - LEFT - RIGHT);
  const first = top + PANEL_HEAD;
  const bottom = first + lines.length * ROW;
  const decades = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, index) => low * 10 ** index);
  return `<text class="head" x="20" y="${top + 32}">${head}</text>
${decades.map((value) => `<line class="grid" x1="${x(value)}" x2="${x(value)}" y1="${first}" y2="${bottom}"/><text class="quiet" text-anchor="middle" x="${x(value)}" y="${bottom + 18}">${label(value)}</text>`).join('\n')}
<text class="quiet" text-anchor="middle" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${bottom + 38}">CPU time a request, µs (user and system, logarithmic)</text>
${lines.map((line, index) => barOf(line, first + index * ROW, x)).join('\n')}
`;
}

function barOf({ title, ours, cost }: Line, y: number, x: (value: number) => number): string {
  const middle = y + ROW / 2;
  return `<text text-anchor="end" x="${LEFT - 10}" y="${middle + 4}"${ours ? ' font-weight="600"' : ''}>${escape(title)}</text>
<rect class="${ours ? 'ours' : 'bar'}" x="${LEFT}" y="${y + 4}" width="${(x(cost.median) - LEFT).toFixed(1)}" height="${ROW - 8}" rx="2"/>
<line class="range" x1="${x(cost.lowest).toFixed(1)}" x2="${x(cost.highest).toFixed(1)}" y1="${middle}" y2="${middle}"/>
<text x="${(Math.max(x(cost.median), x(cost.highest)) + 8).toFixed(1)}" y="${middle + 4}">${label(Math.round(cost.median))}</text>`;
}

const label = (value: number): string => value.toLocaleString('en');
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
