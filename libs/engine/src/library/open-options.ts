import type { SchedulerObserver } from '#inference';
import type { EngineEvents } from '../engine.ts';
import type { VersionOptions } from '../loading/version-options.ts';

/** A call that has been answered, with what came of it. */
export interface AnsweredCall {
  readonly name: string;
  readonly version: string;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
  readonly rows: number;
  readonly seconds: number;
}

type Told<Event extends keyof EngineEvents> = Omit<EngineEvents[Event][0], 'model'>;

/** What happens to models. */
export interface ModelEvents {
  /** Told before anything of it is read: where the process ends next, this is why. */
  readonly loading: Told<'loading'>;
  readonly loaded: Told<'loaded'>;
  /** `version` is "" where the model as a whole failed. */
  readonly failed: Told<'failed'>;
  /** Rows that tests had found independent turned out to affect each other: each runs alone from now on. */
  readonly separated: Told<'separated'>;
  /** Runs that held the event loop up take place in worker threads from now on. */
  readonly moved: Told<'moved'>;
  /** Its memory is freed. */
  readonly unloaded: Told<'unloaded'>;
}

/** How models are opened in a program of one's own; what is left out is the server's default. */
export interface OpenOptions extends Partial<Omit<VersionOptions, 'loadTimeoutSeconds'>> {
  /** Makes what is told of a version's runs. */
  readonly observe?: (name: string, version: string) => SchedulerObserver;
  /** Told of each call of a predictor once it is answered. */
  readonly answered?: (call: AnsweredCall) => void;
}
