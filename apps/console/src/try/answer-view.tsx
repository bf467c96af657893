import type { VNode } from 'preact';
import { isLabelled, type ModelDescription, type Output } from '../api/models.ts';
import type { Answer, ClassValues } from '../api/predict.ts';
import { type Share, ShareList } from '../charts/share-list.tsx';
import { formatNumber, formatPercent, formatQuantity } from '../parts/number.ts';
import { DetectionList } from '../picture/detection-list.tsx';
import type { Detection } from '../picture/detections.ts';
import { EmbeddingView } from './embedding-view.tsx';
import { type Entity, EntityList } from './entity-list.tsx';
import { shorten } from './shorten.ts';

const SHOWN_LABELS = 10;

/** The answer for one row, for people: a quantity with its unit, a label with its probabilities, or JSON. */
export function AnswerView({ answer, model }: { readonly answer: Answer; readonly model: ModelDescription }): VNode {
  const [prediction] = answer.prediction;
  const [, ...others] = model.outputs ?? [];
  const unit = unitOf(model);
  const text = predictionText(answer, model);
  const exact =
    typeof prediction === 'number' && !isLabelled(model)
      ? `${prediction}${unit === undefined ? '' : ` in ${unit}`}`
      : text;
  return (
    <>
      <p class="answer-title">{nameOfPrediction(model)}</p>
      <PredictionView value={prediction} text={text} unit={unit} as={model.outputs?.[0]?.as} />
      {exact !== text && <p class="quiet">exactly {exact}</p>}
      {others.map((output) => (
        <OutputView key={output.key} output={output} value={itemOf(answer[output.key])} />
      ))}
      <p class="quiet">
        by {answer.model.name}, version {answer.model.version}
      </p>
    </>
  );
}

interface PredictionViewProps {
  readonly value: unknown;
  /** The text of a scalar. */
  readonly text: string;
  readonly unit: string | undefined;
  readonly as: Output['as'] | undefined;
}

function PredictionView({ value, text, unit, as }: PredictionViewProps): VNode {
  if (isScalar(value)) return <p class="answer-value">{text}</p>;
  if (as === 'embedding' && isVector(value)) return <EmbeddingView vector={value} />;
  if (as === 'entities' && Array.isArray(value)) return <EntityList entities={value as Entity[]} />;
  if (as === 'detections' && Array.isArray(value)) return <DetectionList detections={value as Detection[]} />;
  return <WholeView value={value} unit={unit} />;
}

const isVector = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');

const unitOf = ({ target, outputs }: ModelDescription): string | undefined => target?.unit ?? outputs?.[0]?.unit;

/** The prediction for one row as a short text. */
export function predictionText({ prediction: [prediction] }: Answer, model: ModelDescription): string {
  if (typeof prediction === 'number' && !isLabelled(model)) return formatQuantity(prediction, unitOf(model));
  return isScalar(prediction) ? String(prediction) : shorten(JSON.stringify(prediction));
}

/** The prediction's name. If there are several values, one without a title has the name of its output. */
function nameOfPrediction({ target, outputs = [] }: ModelDescription): string {
  const [first, ...others] = outputs;
  const isOneOfMany = first?.as === 'value' && others.some(({ as }) => as === 'value');
  const usual = first?.as === 'detections' ? 'Objects' : 'Prediction';
  return target?.title ?? first?.title ?? target?.name ?? (isOneOfMany ? first.from : undefined) ?? usual;
}

/** An output's value for the only row. */
const itemOf = (items: unknown): unknown => (Array.isArray(items) ? items[0] : undefined);

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** A member beside the prediction. Probabilities need no name: people expect them beside a label. */
function OutputView({ output, value }: { readonly output: Output; readonly value: unknown }): VNode | null {
  const { key, as, title, unit } = output;
  if (value === undefined) return null;
  const isOfClasses = typeof value === 'object' && value !== null && !Array.isArray(value);
  const isNamed = as !== 'probabilities' || key !== 'probabilities' || title !== undefined;
  return (
    <div class="answer-part">
      {isNamed && <p class="answer-title">{title ?? (key === 'scores' ? 'Scores' : key)}</p>}
      {isOfClasses && as === 'probabilities' && <ProbabilityList probabilities={value as ClassValues} />}
      {isOfClasses && as !== 'probabilities' && <ScoreList scores={value as ClassValues} />}
      {isScalar(value) && (
        <p class="answer-part-value">{typeof value === 'number' ? formatQuantity(value, unit) : String(value)}</p>
      )}
      {!isOfClasses && !isScalar(value) && <WholeView value={value} unit={unit} />}
    </div>
  );
}

/** A list or an object as JSON. A null stands for a number that is not finite. */
function WholeView({ value, unit }: { readonly value: unknown; readonly unit: string | undefined }): VNode {
  if (value === null) return <p class="answer-part-value">not a finite number</p>;
  return (
    <>
      {unit !== undefined && <p class="quiet">in {unit}</p>}
      <JsonView value={value} />
    </>
  );
}

function ProbabilityList({ probabilities }: { readonly probabilities: ClassValues }): VNode {
  const shares = Object.entries(probabilities)
    .map(([label, share]): Share => ({ label, share: share ?? 0, text: share === null ? '–' : formatPercent(share) }))
    .sort((a, b) => b.share - a.share);
  return <ShareList shares={shares.slice(0, SHOWN_LABELS)} more={Math.max(0, shares.length - SHOWN_LABELS)} />;
}

/** Scores in the order of the classes, without bars, since the best score may be the highest or the lowest. */
function ScoreList({ scores }: { readonly scores: ClassValues }): VNode {
  const all = Object.entries(scores);
  return (
    <>
      <dl class="scores">
        {all.slice(0, SHOWN_LABELS).map(([label, score]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{score === null ? '–' : formatNumber(score)}</dd>
          </div>
        ))}
      </dl>
      {all.length > SHOWN_LABELS && <p class="quiet">and {all.length - SHOWN_LABELS} more</p>}
    </>
  );
}

function JsonView({ value }: { readonly value: unknown }): VNode {
  return (
    <pre class="answer-json" tabIndex={0}>
      {shorten(JSON.stringify(value, null, 1))}
    </pre>
  );
}
