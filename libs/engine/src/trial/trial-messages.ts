import type { VersionSource } from '../loading/version-source.ts';
import type { ResolvedOptions } from '../loading/version-options.ts';

/** A version that is to be tried. */
export interface TrialTask {
  readonly source: VersionSource;
  readonly options: ResolvedOptions;
  /** The CPUs that may be used. */
  readonly cpus: number;
  /** Past which the process ends itself, also where nobody is left to end it. */
  readonly timeoutMs: number;
}

/** What came of it: why the version cannot be served, or what was found out. */
export type TrialOutcome =
  | { readonly refusal: string }
  | {
      /** What a run of one row took; undefined where none could be made up. */
      readonly rowMs: number | undefined;
    };
