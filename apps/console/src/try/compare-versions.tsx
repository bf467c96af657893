import type { VNode } from 'preact';
import { type ModelDescription, predictPath } from '../api/models.ts';
import { type Answer, predict } from '../api/predict.ts';
import { formatPercent } from '../parts/number.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { Underway } from '../parts/underway.tsx';
import { useLatest } from '../parts/use-latest.ts';
import { predictionText } from './answer-view.tsx';

interface CompareVersionsProps {
  readonly model: ModelDescription;
  /** The record, as JSON. */
  readonly json: string;
}

/** The answer of each served version to the same record. */
export function CompareVersions({ model, json }: CompareVersionsProps): VNode {
  const [compared, start] = useLatest<readonly Answer[]>();
  const { value, problem, pending, subject } = compared;
  const isCurrent = subject === json;
  const compare = (): void =>
    void start(
      (signal) =>
        Promise.all(
          model.served.map(({ version }) =>
            predict(predictPath(model.name, version), json, 'application/json', signal),
          ),
        ),
      json,
    );
  return (
    <section class="panel stack" aria-label="Versions compared" aria-busy={pending}>
      <div class="row">
        <h2 class="grow">Versions</h2>
        <button type="button" class="small" onClick={compare}>
          Compare versions
        </button>
      </div>
      {pending && <Underway what="Predicting" />}
      {isCurrent && problem !== undefined && <ProblemBox problem={problem} features={model.features} />}
      {isCurrent && value !== undefined && (
        <dl class="details">
          {value.map((answer) => (
            <div key={answer.model.version}>
              <dt>version {answer.model.version}</dt>
              <dd>
                <strong>{predictionText(answer, model)}</strong> {probabilityOf(answer)}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

/** The probability of the predicted label, if the answer has it. */
function probabilityOf({ prediction: [label], probabilities }: Answer): string {
  const [ofClasses] = Array.isArray(probabilities) ? (probabilities as unknown[]) : [];
  const share = (ofClasses as Readonly<Record<string, unknown>> | undefined)?.[String(label)];
  return typeof share === 'number' ? formatPercent(share) : '';
}
