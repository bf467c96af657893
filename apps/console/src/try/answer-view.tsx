import type { VNode } from 'preact';
import type { ModelDescription } from '../api/models.ts';
import type { Answer, Probabilities } from '../api/predict.ts';
import { type Share, ShareList } from '../charts/share-list.tsx';
import { formatPercent, formatQuantity } from '../parts/number.ts';

const SHOWN_LABELS = 10;
const SHOWN_CHARACTERS = 4000;

/** The prediction for one row as a person would want it: an amount with its unit, a label with its probabilities, or JSON. */
export function AnswerView({ answer, model }: { readonly answer: Answer; readonly model: ModelDescription }): VNode {
  const [prediction] = answer.prediction;
  const probabilities = answer.probabilities?.[0];
  const { title, name, unit } = model.target ?? {};
  const isNumber = typeof prediction === 'number' && probabilities === undefined;
  const quantity = isNumber ? formatQuantity(prediction, unit) : undefined;
  const isValue = isNumber || ['string', 'number', 'boolean'].includes(typeof prediction);
  return (
    <>
      <p class="answer-title">{title ?? name ?? 'Prediction'}</p>
      {isValue ? (
        <p class="answer-value">{quantity ?? String(prediction)}</p>
      ) : (
        <pre class="answer-json" tabIndex={0}>
          {shorten(JSON.stringify(prediction, null, 1))}
        </pre>
      )}
      {isNumber && <p class="quiet">exactly {[prediction, unit && `in ${unit}`].filter(Boolean).join(' ')}</p>}
      {probabilities !== undefined && <ProbabilityList probabilities={probabilities} />}
      <p class="quiet">
        by {answer.model.name}, version {answer.model.version}
      </p>
    </>
  );
}

function ProbabilityList({ probabilities }: { readonly probabilities: Probabilities }): VNode {
  const shares = Object.entries(probabilities)
    .map(([label, share]): Share => ({ label, share: share ?? 0, text: share === null ? '–' : formatPercent(share) }))
    .sort((a, b) => b.share - a.share);
  return <ShareList shares={shares.slice(0, SHOWN_LABELS)} more={Math.max(0, shares.length - SHOWN_LABELS)} />;
}

const shorten = (text: string): string =>
  text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}\n… (${text.length} characters in all)` : text;
