import type { VNode } from 'preact';

export interface Share {
  readonly label: string;
  /** From 0 to 1. */
  readonly share: number;
  /** The text beside the bar. */
  readonly text: string;
}

/** Horizontal bars with their labels, for probabilities and counts of labels. The first one is highlighted. */
export function ShareList({ shares, more = 0 }: { readonly shares: readonly Share[]; readonly more?: number }): VNode {
  return (
    <>
      <ol class="shares">
        {shares.map(({ label, share, text }) => (
          <li key={label}>
            <span class="share-label">{label}</span>
            <span class="share-track">
              <span class="share-bar" style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
            </span>
            <span class="share-text">{text}</span>
          </li>
        ))}
      </ol>
      {more > 0 && <p class="quiet">and {more} more</p>}
    </>
  );
}
