import type { VNode } from 'preact';
import type { ModelDescription } from '../api/models.ts';
import type { Answer } from '../api/predict.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import type { Latest } from '../parts/use-latest.ts';
import { AnswerView } from './answer-view.tsx';

interface AnswerPanelProps {
  readonly answer: Latest<Answer>;
  readonly model: ModelDescription;
  /** What to do to get an answer. */
  readonly invitation: string;
}

/** Where the answer appears; screen readers say it when it does. */
export function AnswerPanel({ answer: { value, problem, pending }, model, invitation }: AnswerPanelProps): VNode {
  const warnings = value?.warnings ?? [];
  return (
    <section class="panel answer" aria-label="Answer" aria-busy={pending}>
      {problem !== undefined && <ProblemBox problem={problem} />}
      <div role="status">
        {value !== undefined && <AnswerView answer={value} model={model} />}
        {warnings.length > 0 && (
          <div class="notice notice-warning">
            <strong>To be taken with care</strong>
            <ul>
              {warnings.map(({ detail }) => (
                <li key={detail}>{withoutRow(detail)}</li>
              ))}
            </ul>
          </div>
        )}
        {value === undefined && problem === undefined && <p class="quiet">{pending ? 'Asking …' : invitation}</p>}
      </div>
    </section>
  );
}

/** A form has one row: its number says nothing. */
export const withoutRow = (detail: string): string => detail.replace(/^row 0: /, '');
