import type { VNode } from 'preact';
import type { ModelDescription } from '../api/models.ts';
import { type Answer, JSON_TEXT } from '../api/predict.ts';
import { issueText } from '../parts/issue-text.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { Underway } from '../parts/underway.tsx';
import type { Latest } from '../parts/use-latest.ts';
import { AnswerView } from './answer-view.tsx';
import { shorten } from './shorten.ts';

interface AnswerPanelProps {
  readonly answer: Latest<Answer>;
  readonly model: ModelDescription;
  /** Tells the user how to get an answer. */
  readonly invitation: string;
  /** Whether the form has changed since the answer. */
  readonly stale?: boolean;
}

/** The place of the answer, which screen readers announce. */
export function AnswerPanel({ answer, model, invitation, stale = false }: AnswerPanelProps): VNode {
  const { value, problem, pending } = answer;
  const warnings = value?.warnings ?? [];
  const isEmpty = value === undefined && problem === undefined;
  return (
    <section class="panel answer" aria-label="Answer" aria-busy={pending}>
      {pending && <Underway what="Predicting" />}
      {stale && !pending && (
        <p class="notice notice-stale" role="status">
          The form has changed. Press Predict for a new answer.
        </p>
      )}
      <div class={!isEmpty && (pending || stale) ? 'outdated' : ''}>
        {problem !== undefined && <ProblemBox problem={problem} features={model.features} />}
        <div role="status">
          {value !== undefined && <AnswerView answer={value} model={model} />}
          {warnings.length > 0 && (
            <div class="notice notice-warning">
              <strong>Check these values</strong>
              <ul>
                {warnings.map(({ detail, field }) => (
                  <li key={detail}>
                    {issueText(
                      detail,
                      model.features.find(({ name }) => name === field),
                    )}
                  </li>
                ))}
              </ul>
            </div>
          )}
          {value !== undefined && <JsonAnswer text={value[JSON_TEXT]} />}
          {isEmpty && !pending && <p class="quiet">{invitation}</p>}
        </div>
      </div>
    </section>
  );
}

/** The answer as programs get it. */
function JsonAnswer({ text }: { readonly text: string }): VNode {
  return (
    <details class="json">
      <summary>JSON</summary>
      <pre class="answer-raw" tabIndex={0}>
        {shorten(text)}
      </pre>
    </details>
  );
}
