import type { VNode } from 'preact';
import type { VersionState } from '../api/models.ts';

/** The versions with their states; why one failed is said in words. */
export function Versions({ versions }: { readonly versions: readonly VersionState[] }): VNode {
  return (
    <ul class="versions">
      {versions.map(({ version, state, reason }) => (
        <li key={version} class={`state-${state}`}>
          version {version} {state}
          {reason !== undefined && <p class="quiet">{reason}</p>}
        </li>
      ))}
    </ul>
  );
}
