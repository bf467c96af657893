import { Command, InvalidArgumentError, Option } from 'commander';

/** A benchmark's command line: `--help` teaches it, and what it does not know ends it with a word instead of a stack. */
export function benchmark(command: string, what: string): Command {
  return new Command(command).description(what).helpOption('--help', 'show this');
}

/** A number above 0; seconds may have a fraction. */
export function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('A number above 0 is expected.');
}

/** How many of something. */
export function count(text: string): number {
  const value = positive(text);
  if (Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('A whole number above 0 is expected.');
}

/** One of these alone. */
export const only = (ids: readonly string[]): Option => new Option('--only <id>', 'one of these alone').choices(ids);

export const python = (): Option =>
  new Option('--python <program>', "which Python makes the peers' environments").default('/usr/bin/python3');
