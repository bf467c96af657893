import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { type ModelDescription, predictPath } from '../api/models.ts';
import { CodeBlock } from '../code/code-block.tsx';
import { AnswerPanel } from './answer-panel.tsx';
import { Field } from './field.tsx';
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
    // Once the remarks are drawn, the first wrong field is where to go on.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
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
        <div class="fields">
          {features.map((feature) => (
            <Field
              key={feature.name}
              feature={feature}
              value={record.values[feature.name] ?? ''}
              remark={record.remarkOn(feature.name)}
              alone={features.length === 1}
              onType={(value) => record.type({ [feature.name]: value })}
              onChoose={(value) => record.choose({ [feature.name]: value })}
            />
          ))}
        </div>
        <button class="primary" type="submit">
          Predict
        </button>
      </form>
      <div class="try-side">
        <AnswerPanel
          answer={record.answer}
          model={model}
          invitation="Press Predict to see the answer here."
          stale={record.isStale}
        />
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
