import type { ModelStatus } from '#engine';

export interface IndexEntry {
  readonly name: string;
  readonly version?: string;
  readonly state: 'READY' | 'LOADING' | 'UNLOADING' | 'UNAVAILABLE';
  readonly reason: string;
}

const STATES = { ready: 'READY', loading: 'LOADING', unloading: 'UNLOADING', failed: 'UNAVAILABLE' } as const;

/**
 * Lists every version of every model, served or not. A model without a known version gets one entry.
 *
 * @param readyOnly lists served versions only
 */
export function repositoryIndex(models: readonly ModelStatus[], readyOnly: boolean): IndexEntry[] {
  return models.flatMap(entriesOf).filter(({ state }) => !readyOnly || state === 'READY');
}

function entriesOf({ name, versions, reason }: ModelStatus): IndexEntry[] {
  if (versions.length === 0) return [{ name, state: 'UNAVAILABLE', reason: reason ?? 'unloaded' }];
  return versions.map((status) => ({
    name,
    version: status.version,
    state: STATES[status.state],
    reason: status.reason ?? '',
  }));
}
