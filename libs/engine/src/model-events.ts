interface OfVersion {
  readonly name: string;
  readonly version: string;
}

/** An event with its reason. */
interface Explained extends OfVersion {
  readonly reason: string;
}

/** What happens to models, for the log and the metrics. */
export interface ModelEvents {
  /** Emitted before any of its files is read: if the process then ends, this event names the cause. */
  readonly loading: OfVersion;
  readonly loaded: OfVersion & { readonly loadMs: number };
  /** `version` is "" if the model as a whole failed. */
  readonly failed: Explained;
  /**
   * Rows that tests had found independent turned out to affect each other while serving: each runs alone from now on.
   */
  readonly separated: Explained;
  /** Runs that blocked the event loop use worker threads from now on. */
  readonly moved: Explained;
  /** Its memory is freed; the same version may be served from a later load. */
  readonly unloaded: OfVersion;
}
