import { type DestinationStream, type Logger, pino } from 'pino';
import type { Settings } from '#config';
import { BLOCK, LogOutput } from './log-output.ts';
import { threeDigits } from './three-digits.ts';

/** Injects the pino instance itself, for lines with fields: `@Inject(PINO) logger: Logger`. */
export const PINO = Symbol('nestor.pino');

/** The process's log. */
export interface Log {
  /** The one pino instance of the process. */
  readonly logger: Logger;
  /** The destination of its lines. */
  readonly output: LogOutput;
}

/**
 * The log on standard output: JSON lines in long blocks, or single readable lines, formatted in this process without a
 * transport thread.
 */
export async function createLog({ logLevel, logFormat }: Pick<Settings, 'logLevel' | 'logFormat'>): Promise<Log> {
  // Accessing `process.stdout` makes a pipe non-blocking.
  const { fd, isTTY } = process.stdout;
  const output = new LogOutput(fd, logFormat === 'pretty' ? BLOCK.line : BLOCK.long);
  process.on('exit', () => output.endSync());
  const logger = pino(
    {
      level: logLevel,
      base: null,
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    logFormat === 'pretty' ? await readable(output, isTTY && !process.env['NO_COLOR']) : output,
  );
  return { logger, output };
}

async function readable(output: LogOutput, colorize: boolean): Promise<DestinationStream> {
  const { readableLines } = await import('./readable.ts');
  return readableLines(colorize, output);
}

let second = -1;
let untilSecond = '';

/** Like pino's `isoTime`, in a tenth of the time: lines of the same second share all but the milliseconds. */
function isoTime(): string {
  const now = Date.now();
  const milliseconds = now % 1000;
  if (now - milliseconds !== second) {
    second = now - milliseconds;
    untilSecond = `,"time":"${new Date(second).toISOString().slice(0, -'000Z'.length)}`;
  }
  return `${untilSecond}${threeDigits(milliseconds)}Z"`;
}
