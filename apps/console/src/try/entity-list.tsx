import type { VNode } from 'preact';
import { formatPercent } from '../parts/number.ts';

/** A part of a text, and its label. */
export interface Entity {
  readonly label: string;
  readonly score: number;
  readonly text: string;
}

/** The entities of a text, in their order. */
export function EntityList({ entities }: { readonly entities: readonly Entity[] }): VNode {
  if (entities.length === 0) return <p class="answer-part-value">nothing found</p>;
  return (
    <dl class="scores">
      {entities.map(({ label, score, text }, at) => (
        <div key={at}>
          <dt>
            {text} <span class="quiet">{label}</span>
          </dt>
          <dd>{formatPercent(score)}</dd>
        </div>
      ))}
    </dl>
  );
}
