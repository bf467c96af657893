import type { VNode } from 'preact';

export interface Share {
  readonly label: string;
  /** From 0 to 1. */
  readonly share: number;
  /** What is written beside it. */
  readonly text: string;
}

/** Lying bars with their labels, for probabilities and counts of labels; the first is the one to look at. */
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
