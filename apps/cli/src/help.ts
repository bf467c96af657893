import { InvalidArgumentError } from 'commander';

/** The examples at the end of a command's help: what to type, and what it does. */
export function examples(list: readonly (readonly [command: string, what: string])[]): string {
  const lines = list.map(([command, what]) => `  ${command}\n      ${what}`);
  return `\nExamples:\n${lines.join('\n')}`;
}

/** Parses an option's value as a whole number within bounds, and rejects anything else. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  };
}
