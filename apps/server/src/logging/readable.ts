import type { DestinationStream } from 'pino';
import pretty, { type PrettyOptions } from 'pino-pretty';

/** What stands elsewhere in the line, or is of no use to whoever reads it. */
const NO_FIELDS: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'pid', 'err']);
const OF_REQUESTS: ReadonlySet<string> = new Set(['method', 'path', 'status', 'durationMs']);

type Format = Exclude<NonNullable<PrettyOptions['messageFormat']>, string | false>;

/** A line for people: what happened, then the fields that tell more; of an error its stack, below. */
const readableLine: Format = (line, _messageKey, _level, { colors }) => {
  const request = 'method' in line && 'status' in line;
  const fields = Object.entries(line)
    .filter(([name]) => !NO_FIELDS.has(name) && !(request && OF_REQUESTS.has(name)))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const { method, path, status, durationMs, msg, err } = line as Record<string, string>;
  const what = request ? `${method} ${path} ${status} in ${durationMs} ms` : msg!;
  const { stack } = Object(err) as { stack?: string };
  return [what, ...(fields.length > 0 ? [colors.gray(fields.join(' '))] : []), ...(stack ? [`\n${stack}`] : [])].join(
    ' ',
  );
};

/** Writes one readable line an entry, by default to standard output; in this process, without a transport thread. */
export function readableDestination(
  colorize: boolean,
  destination: PrettyOptions['destination'] = 1,
): DestinationStream {
  return pretty({
    colorize,
    destination,
    translateTime: 'HH:MM:ss.l',
    messageFormat: readableLine,
    hideObject: true,
    ignore: 'pid',
    sync: true,
  });
}
