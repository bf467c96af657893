import { type DestinationStream, type Logger, pino } from 'pino';
import type { Settings } from '#config';
import { LineBlocks } from './line-blocks.ts';
import { threeDigits } from './three-digits.ts';

/** Injects the pino instance itself, for lines with fields: `@Inject(PINO) logger: Logger`. */
export const PINO = Symbol('nestor.pino');

const MAX_WRITE_BYTES = 65536;

/**
 * The one pino instance of the process. JSON lines are written asynchronously in blocks (flushed every second, and at
 * exit); on a terminal they are made readable, in the process itself: no transport thread.
 */
export async function createLogger(settings: Pick<Settings, 'logLevel' | 'logFormat'>): Promise<Logger> {
  const destination = settings.logFormat === 'pretty' ? await prettyDestination() : jsonDestination();
  return pino(
    {
      level: settings.logLevel,
      base: null,
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

function jsonDestination(): DestinationStream {
  const stdout = pino.destination({ fd: 1, sync: false, maxWrite: MAX_WRITE_BYTES });
  const lines = new LineBlocks(stdout);
  process.on('exit', () => {
    lines.flush();
    stdout.flushSync();
  });
  return lines;
}

async function prettyDestination(): Promise<DestinationStream> {
  const { readableDestination } = await import('./readable.ts');
  return readableDestination(process.stdout.isTTY && !process.env.NO_COLOR);
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
