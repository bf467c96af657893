import type { VersionSource } from '../loading/version-source.ts';
import type { ResolvedOptions } from '../loading/version-options.ts';

/** A version to try. */
export interface TrialTask {
  readonly source: VersionSource;
  readonly options: ResolvedOptions;
  /** The CPUs that may be used. */
  readonly cpus: number;
  /** After this time the process ends itself, even if its parent is gone. */
  readonly timeoutMs: number;
}

/** The outcome: why the version cannot be served, or what the trial measured. */
export type TrialOutcome =
  | { readonly refusal: string }
  | {
      /** How long a run of one row took; undefined if no row could be made up. */
      readonly rowMs: number | undefined;
    };
