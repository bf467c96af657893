import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { type ModelDescription, predictPath } from '../api/models.ts';
import { type Answer, predict } from '../api/predict.ts';
import type { Issue } from '../api/problem.ts';
import { CodeBlock } from '../code/code-block.tsx';
import type { Latest } from '../parts/use-latest.ts';
import { useLatest } from '../parts/use-latest.ts';
import { AnswerPanel, withoutRow } from './answer-panel.tsx';
import { Field, type Remark } from './field.tsx';
import { firstValues, recordJson, recordMembers, type Values, valuesOf } from './record.ts';

type Example = Readonly<Record<string, unknown>>;

const SHOWN_EXAMPLES = 5;

interface RecordFormProps {
  readonly model: ModelDescription;
  readonly version: string | undefined;
}

/** A form made from the manifest, the answer beside it, and the same request as code. */
export function RecordForm({ model, version }: RecordFormProps): VNode {
  const { features, examples = [] } = model;
  const [values, setValues] = useState<Values>(() => firstValues(features, examples));
  const [answer, ask, clear] = useLatest<Answer>();
  const form = useRef<HTMLFormElement>(null);
  const path = predictPath(model.name, version);
  const body = recordJson(recordMembers(features, values));
  const remarks = remarksOf(answer);

  const send = (record: string): Promise<void> => ask((signal) => predict(path, record, 'application/json', signal));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    await send(body);
    // Once the remarks are drawn, the first wrong field is where to go on.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  const change = (changed: Values): Values => {
    const next = { ...values, ...changed };
    setValues(next);
    return next;
  };
  const drag = (changed: Values): void => {
    const next = change(changed);
    if (answer.value !== undefined || answer.problem !== undefined)
      void send(recordJson(recordMembers(features, next)));
  };
  const replace = (record: Example): void => {
    setValues(valuesOf(features, record));
    clear();
  };

  return (
    <div class="try">
      <form class="panel" ref={form} onSubmit={(event) => void submit(event)} noValidate>
        {examples.length > 0 && <Examples examples={examples.slice(0, SHOWN_EXAMPLES)} onChoose={replace} />}
        <div class="fields">
          {features.map((feature) => (
            <Field
              key={feature.name}
              feature={feature}
              value={values[feature.name] ?? ''}
              remark={remarks.get(feature.name)}
              alone={features.length === 1}
              onChange={(value) => change({ [feature.name]: value })}
              onDrag={(value) => drag({ [feature.name]: value })}
            />
          ))}
        </div>
        <button class="primary" type="submit">
          Predict
        </button>
      </form>
      <div class="try-side">
        <AnswerPanel answer={answer} model={model} invitation="Press Predict, and the answer is here." />
        <CodeBlock call={{ path, contentType: 'application/json', body: { json: body } }} />
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

/** What the server said of each field, in its own words. */
function remarksOf({ value, problem }: Latest<Answer>): Map<string, Remark> {
  const remark = (kind: Remark['kind'], issues: readonly Issue[] = []): [string, Remark][] =>
    issues.flatMap(({ field, detail }) => (field === undefined ? [] : [[field, { kind, text: withoutRow(detail) }]]));
  return new Map([...remark('warning', value?.warnings), ...remark('error', problem?.errors)]);
}
