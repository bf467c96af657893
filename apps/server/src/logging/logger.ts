import { type DestinationStream, type Logger, pino } from 'pino';
import type { Settings } from '#config';
import { LineBlocks } from './line-blocks.ts';

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

let instant = 0;
let timeMember = '';

/** As pino's own `isoTime`; lines of the same millisecond share the text. */
function isoTime(): string {
  const now = Date.now();
  if (now !== instant) {
    instant = now;
    timeMember = `,"time":"${new Date(now).toISOString()}"`;
  }
  return timeMember;
}
