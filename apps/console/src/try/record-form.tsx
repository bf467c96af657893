import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { type ModelDescription, predictPath } from '../api/models.ts';
import { CodeBlock } from '../code/code-block.tsx';
import { AnswerPanel } from './answer-panel.tsx';
import { CompareVersions } from './compare-versions.tsx';
import { Fields } from './fields.tsx';
import { valuesOf } from './record.ts';
import { useRecord } from './use-record.ts';

type Example = Readonly<Record<string, unknown>>;

const SHOWN_EXAMPLES = 5;

interface RecordFormProps {
  readonly model: ModelDescription;
  readonly version: string | undefined;
}

/** A form made from the manifest, the answer beside it, and the same request as code. */
export function RecordForm({ model, version }: RecordFormProps): VNode {
  const { features, examples = [] } = model;
  const path = predictPath(model.name, version);
  const record = useRecord(model, path);
  const form = useRef<HTMLFormElement>(null);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    await record.ask();
    // After the remarks appear, focus the first wrong field; without one, show the answer.
    requestAnimationFrame(() => {
      const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
      if (wrong) wrong.focus();
      else form.current?.parentElement?.querySelector('.answer')?.scrollIntoView({ block: 'nearest' });
    });
  };
  return (
    <div class="try">
      <form class="panel" ref={form} onSubmit={(event) => void submit(event)} noValidate>
        {examples.length > 0 && (
          <Examples
            examples={examples.slice(0, SHOWN_EXAMPLES)}
            onChoose={(example) => record.choose(valuesOf(features, example))}
          />
        )}
        <Fields features={features} record={record} />
        <div class="form-end">
          <button class="primary" type="submit">
            Predict
          </button>
        </div>
      </form>
      <div class="try-side">
        <AnswerPanel
          answer={record.answer}
          model={model}
          invitation="Press Predict to see the answer here."
          stale={record.isStale}
        />
        {model.served.length > 1 && <CompareVersions model={model} json={record.json} />}
        <CodeBlock call={{ path, contentType: 'application/json', body: { json: record.json } }} />
      </div>
    </div>
  );
}

interface ExamplesProps {
  readonly examples: readonly Example[];
  readonly onChoose: (example: Example) => void;
}

function Examples({ examples, onChoose }: ExamplesProps): VNode {
  return (
    <p class="examples">
      <span>Fill in</span>
      {examples.map((example, at) => (
        <button key={at} type="button" class="chip" onClick={() => onChoose(example)}>
          Example {at + 1}
        </button>
      ))}
    </p>
  );
}
