import type { VNode } from 'preact';
import { formatNumber } from '../parts/number.ts';

/** Enough numbers to give an impression. */
const SHOWN = 8;

/** A vector, whose single numbers mean nothing to people: its length, and the first numbers. */
export function EmbeddingView({ vector }: { readonly vector: readonly number[] }): VNode {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return (
    <>
      <p class="answer-part-value">{vector.length} numbers</p>
      <p class="quiet">
        {vector.slice(0, SHOWN).map(formatNumber).join(', ')}
        {vector.length > SHOWN && ', …'} · length {formatNumber(Number(length.toPrecision(4)))}
      </p>
    </>
  );
}
