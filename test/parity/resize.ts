import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImageOptions, ImageReader } from '#images';
import type { Size } from '#tensor';

/** A picture, and what it should become. */
interface Case {
  readonly kind: string;
  readonly step: string;
  readonly way: string;
  readonly file: string;
  readonly expected: string;
  readonly options: ImageOptions & Size;
}

/** Prints the table of docs/images.md: run it as resize.py says. */
async function main(python: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-parity-'));
  try {
    execFileSync(python, [join(import.meta.dirname, 'resize.py'), folder]);
    const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as Case[];
    const lines: string[] = [];
    for (const [way, ofWay] of Map.groupBy(cases, (one) => one.way)) {
      for (const [direction, some] of Map.groupBy(ofWay, ({ step }) => step.split(' ')[0]!)) {
        const kinds = Map.groupBy(some, ({ kind }) => kind);
        const cells = await Promise.all([...kinds.values()].map((ones) => differences(folder, ones)));
        lines.push(`| ${[way, direction, ...cells].join(' | ')} |`);
      }
    }
    process.stdout.write(`${lines.join('\n')}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The largest difference of any level, and the largest mean of a picture. */
async function differences(folder: string, cases: readonly Case[]): Promise<string> {
  let [largest, mean] = [0, 0];
  for (const { file, expected, options } of cases) {
    const levels = await scaled(readFileSync(join(folder, file)), options);
    const wanted = readFileSync(join(folder, expected));
    const apart = levels.map((level, at) => Math.abs(level - wanted[at]!));
    largest = apart.reduce((most, one) => Math.max(most, one), largest);
    mean = Math.max(mean, apart.reduce((sum, one) => sum + one, 0) / apart.length);
  }
  return `${largest} (${mean.toFixed(2)})`;
}

async function scaled(file: Uint8Array, options: ImageOptions & Size): Promise<Float32Array> {
  const shape = [-1, options.height, options.width, 3];
  const signature = { inputs: [{ name: 'x', datatype: 'FP32', shape }], outputs: [] } as const;
  const reader = new ImageReader({ ...options, layout: 'NHWC' }, signature, { maxRows: 1 });
  const { inputs } = await reader.read([file], () => false);
  return inputs['x']!.data as Float32Array;
}

await main(process.argv[2] ?? join(import.meta.dirname, '.venv/bin/python'));
