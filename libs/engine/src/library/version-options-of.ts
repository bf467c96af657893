import { listNames } from '#errors';
import { DEFAULT_VERSION_OPTIONS, type VersionOptions } from '../loading/version-options.ts';
import type { OpenOptions } from './open-options.ts';

type Asked = Omit<OpenOptions, 'observe' | 'answered'>;

/** The lowest value of each. */
const LEAST: Readonly<Record<Exclude<keyof Asked, 'execution'>, number>> = {
  maxRows: 1,
  requestTimeoutSeconds: 1,
  maxBatchRows: 1,
  maxBatchWaitMs: 0,
  maxQueueMs: 0,
  maxQueuedBytes: 1,
  workers: 1,
  intraOpThreads: 1,
};
const EXECUTIONS: readonly unknown[] = ['auto', 'inline', 'pool'];

/**
 * The defaults, overridden by a program's options.
 * @throws TypeError that names an option that does not exist or has an invalid value
 */
export function versionOptionsOf(asked: Asked): VersionOptions {
  const given = Object.entries(asked as Record<string, unknown>).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) requireOption(name, value);
  return { ...DEFAULT_VERSION_OPTIONS, ...Object.fromEntries(given) };
}

function requireOption(name: string, value: unknown): void {
  if (name === 'execution') {
    if (!EXECUTIONS.includes(value))
      throw new TypeError(`execution is ${String(value)}; it takes auto, inline or pool.`);
    return;
  }
  if (!Object.hasOwn(LEAST, name))
    throw new TypeError(`There is no option ${name}; there are ${listNames(['execution', ...Object.keys(LEAST)])}.`);
  const least = LEAST[name as keyof typeof LEAST];
  if (!Number.isSafeInteger(value) || (value as number) < least)
    throw new TypeError(`${name} is ${String(value)}; it takes a whole number of at least ${least}.`);
}
