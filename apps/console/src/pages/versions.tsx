import type { VNode } from 'preact';
import type { VersionState } from '../api/models.ts';

/** The versions with their states. */
export function Versions({ versions }: { readonly versions: readonly VersionState[] }): VNode {
  return (
    <ul class="versions">
      {versions.map(({ version, state }) => (
        <li key={version} class={`state-${state}`}>
          version {version} {state}
        </li>
      ))}
    </ul>
  );
}
