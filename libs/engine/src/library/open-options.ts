import type { SchedulerObserver } from '#inference';
import type { VersionOptions } from '../loading/version-options.ts';

/** A finished call and its outcome. */
export interface AnsweredCall {
  readonly name: string;
  readonly version: string;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
  readonly rows: number;
  readonly seconds: number;
}

/** How models are opened in a program of one's own; what is left out is the server's default. */
export interface OpenOptions extends Partial<Omit<VersionOptions, 'loadTimeoutSeconds'>> {
  /** Makes what is told of a version's runs. */
  readonly observe?: (name: string, version: string) => SchedulerObserver;
  /** Told of each call of a predictor once it is answered. */
  readonly answered?: (call: AnsweredCall) => void;
}
