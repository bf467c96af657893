import type { VNode } from 'preact';
import { formatPercent } from '../parts/number.ts';
import { coloursOf, type Detection } from './detections.ts';

const SHOWN = 50;

/** The objects of a picture, the highest score first, each in the colour of its box. */
export function DetectionList({ detections }: { readonly detections: readonly Detection[] }): VNode {
  if (detections.length === 0) return <p class="answer-part-value">nothing found</p>;
  const colours = coloursOf(detections);
  return (
    <>
      <dl class="scores">
        {detections.slice(0, SHOWN).map(({ label, score }, at) => (
          <div key={at}>
            <dt>
              <svg class="swatch" viewBox="0 0 1 1" aria-hidden="true">
                <rect width="1" height="1" fill={colours.get(label)} />
              </svg>
              {label}
            </dt>
            <dd>{formatPercent(score)}</dd>
          </div>
        ))}
      </dl>
      {detections.length > SHOWN && <p class="quiet">and {detections.length - SHOWN} more</p>}
    </>
  );
}
