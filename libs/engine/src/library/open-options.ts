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

/** How to open models in your own program. Options that are left out have the server's defaults. */
export interface OpenOptions extends Partial<Omit<VersionOptions, 'loadTimeoutSeconds'>> {
  /** Creates the observer of a version's runs. */
  readonly observe?: (name: string, version: string) => SchedulerObserver;
  /** Called after each call of a predictor. */
  readonly answered?: (call: AnsweredCall) => void;
}
