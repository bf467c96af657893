import { rounded, styled } from '../terminal.ts';

const EVERY_MS = 200;
const WIDTH = 24;

/** One line on a terminal that says how far the work is; nothing where stderr is no terminal. */
export class ProgressBar {
  readonly #begun = performance.now();
  readonly #rowsBefore: number;
  readonly #partBefore: number;
  #shownAt = 0;

  /** @param part how much is done already, from 0 to 1, of a run that is gone on with */
  constructor(rows: number, part: number) {
    this.#rowsBefore = rows;
    this.#partBefore = part;
  }

  /** Seconds since it began. */
  get seconds(): number {
    return (performance.now() - this.#begun) / 1000;
  }

  /** Rows a second since it began. */
  rate(rows: number): number {
    return (rows - this.#rowsBefore) / this.seconds;
  }

  show(rows: number, part: number): void {
    if (!process.stderr.isTTY || performance.now() - this.#shownAt < EVERY_MS) return;
    this.#shownAt = performance.now();
    const filled = Math.round(part * WIDTH);
    const bar = styled('green', '█'.repeat(filled), process.stderr) + '░'.repeat(WIDTH - filled);
    const left = (this.seconds * (1 - part)) / (part - this.#partBefore);
    const time = Number.isFinite(left) ? `${inTime(left)} left` : '';
    const rate = `${rounded(this.rate(rows))} rows/s`;
    process.stderr.write(`\r\u001b[K${bar} ${Math.floor(part * 100)} %  ${rows} rows  ${rate}  ${time}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (process.stderr.isTTY && this.#shownAt > 0) process.stderr.write('\r\u001b[K');
  }
}

/** A duration for people. */
export function inTime(seconds: number): string {
  if (seconds < 10) return `${Math.max(0.1, Number(seconds.toPrecision(2)))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
