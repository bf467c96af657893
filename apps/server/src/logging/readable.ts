import type { DestinationStream } from 'pino';
import { prettyFactory, type PrettyOptions } from 'pino-pretty';

/** Fields that stand elsewhere in the line, or do not help its reader. */
const NO_FIELDS: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'pid', 'err']);
const OF_REQUESTS: ReadonlySet<string> = new Set(['method', 'path', 'status', 'durationMs']);

type Format = Exclude<NonNullable<PrettyOptions['messageFormat']>, string | false>;

/** A line for people: the event, then its other fields. An error's stack follows. */
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

/** Turns each entry into a readable line, in this process, without a transport thread. */
export function readableLines(colorize: boolean, output: DestinationStream): DestinationStream {
  const format = prettyFactory({
    colorize,
    translateTime: 'HH:MM:ss.l',
    messageFormat: readableLine,
    hideObject: true,
    ignore: 'pid',
  });
  return { write: (entry) => output.write(format(entry)) };
}
