import { Command, InvalidArgumentError, Option } from 'commander';

/** A benchmark's command line, with `--help`. A wrong option ends it with a message instead of a stack. */
export function benchmark(command: string, what: string): Command {
  return new Command(command).description(what).helpOption('--help', 'show this');
}

/** A number above 0; seconds may have a fraction. */
export function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Give a number above 0.');
}

/** A whole number above 0. */
export function count(text: string): number {
  const value = positive(text);
  if (Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('Give a whole number above 0.');
}

/** The option that selects one of these. */
export const only = (ids: readonly string[]): Option => new Option('--only <id>', 'one of these alone').choices(ids);

export const python = (): Option =>
  new Option('--python <program>', "which Python makes the peers' environments").default('/usr/bin/python3');
