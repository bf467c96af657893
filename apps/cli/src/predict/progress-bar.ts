import { rounded, styled } from '../terminal.ts';

const EVERY_MS = 200;
const WIDTH = 24;
const NARROWEST = 8;

/** One line on a terminal that shows progress; nothing if stderr is not a terminal. */
export class ProgressBar {
  readonly #begun = performance.now();
  readonly #rowsBefore: number;
  readonly #partBefore: number;
  #shownAt = 0;

  /** @param part the part that an earlier run finished, from 0 to 1 */
  constructor(rows: number, part: number) {
    this.#rowsBefore = rows;
    this.#partBefore = part;
  }

  /** Seconds since it began. */
  get seconds(): number {
    return (performance.now() - this.#begun) / 1000;
  }

  /** Rows per second since it began. */
  rate(rows: number): number {
    return (rows - this.#rowsBefore) / this.seconds;
  }

  show(rows: number, part: number): void {
    if (!process.stderr.isTTY || performance.now() - this.#shownAt < EVERY_MS) return;
    this.#shownAt = performance.now();
    const left = (this.seconds * (1 - part)) / (part - this.#partBefore);
    const time = Number.isFinite(left) ? `${inTime(left)} left` : '';
    const rate = `${rounded(this.rate(rows))} rows/s`;
    const text = `${Math.floor(part * 100)} %  ${rows} rows  ${rate}  ${time}`;
    process.stderr.write(`\r\u001b[K${lineOf(part, text, process.stderr.columns)}`);
  }

  /** Removes the line. */
  clear(): void {
    if (process.stderr.isTTY && this.#shownAt > 0) process.stderr.write('\r\u001b[K');
  }
}

/** The bar and the text beside it, in one line of a terminal. If both do not fit, only the text, cut off at its end. */
export function lineOf(part: number, text: string, columns: number): string {
  // Some terminals wrap a line that fills their width.
  const width = Math.min(WIDTH, columns - text.length - 2);
  if (width < NARROWEST) return text.slice(0, Math.max(0, columns - 1));
  const filled = Math.round(part * width);
  return `${styled('green', '█'.repeat(filled), process.stderr)}${'░'.repeat(width - filled)} ${text}`;
}

/** A duration as text for people. */
export function inTime(seconds: number): string {
  if (seconds < 10) return `${Math.max(0.1, Number(seconds.toPrecision(2)))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
