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
  /** Where its lines go. */
  readonly output: LogOutput;
}

/**
 * The log on standard output: JSON lines in long blocks; on a terminal a readable line at a time, made in the process itself:
 * no transport thread.
 */
export async function createLog({ logLevel, logFormat }: Pick<Settings, 'logLevel' | 'logFormat'>): Promise<Log> {
  // Where standard output is a pipe, Node lets no write to it block once the stream is looked at.
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

/** As pino's own `isoTime`; lines of the same second share all but the milliseconds, which are made in a tenth of the time. */
function isoTime(): string {
  const now = Date.now();
  const milliseconds = now % 1000;
  if (now - milliseconds !== second) {
    second = now - milliseconds;
    untilSecond = `,"time":"${new Date(second).toISOString().slice(0, -'000Z'.length)}`;
  }
  return `${untilSecond}${threeDigits(milliseconds)}Z"`;
}
