import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { type ModelDescription, predictPath } from '../api/models.ts';
import { type Answer, predict } from '../api/predict.ts';
import { ShareList } from '../charts/share-list.tsx';
import { ProblemBox } from '../parts/problem-box.tsx';
import { Underway } from '../parts/underway.tsx';
import { useLatest } from '../parts/use-latest.ts';
import { cosine } from './cosine.ts';

/** As many as people can compare at a glance. */
const MOST_TEXTS = 20;
const SUGGESTED = [
  'How do I reset my password?',
  'I forgot my login details.',
  'The parcel arrives on Tuesday.',
  'When will my order be delivered?',
];

interface Compared {
  readonly texts: readonly string[];
  readonly answer: Answer;
}

/** Shows how similar texts are to the first one, by their embeddings. */
export function CompareTexts({
  model,
  version,
}: {
  readonly model: ModelDescription;
  readonly version: string | undefined;
}): VNode {
  const [written, setWritten] = useState(SUGGESTED.join('\n'));
  const [latest, start] = useLatest<Compared>();
  const texts = textsIn(written);
  const submit = (event: Event): void => {
    event.preventDefault();
    void start(async (signal) => {
      const body = JSON.stringify(texts.map((text) => ({ text })));
      return { texts, answer: await predict(predictPath(model.name, version), body, 'application/json', signal) };
    }, written);
  };
  const isStale = latest.value !== undefined && latest.subject !== written;
  return (
    <div class="try">
      <form class="panel" onSubmit={submit}>
        <label class="compared">
          <span>Texts, one per line. Each is compared with the first.</span>
          <textarea
            class="prose"
            rows={8}
            value={written}
            onInput={({ currentTarget }) => setWritten(currentTarget.value)}
          />
        </label>
        <div class="form-end">
          <button class="primary" type="submit" disabled={texts.length < 2 || texts.length > MOST_TEXTS}>
            Compare
          </button>
          {texts.length < 2 && <p class="quiet">Enter at least two texts.</p>}
          {texts.length > MOST_TEXTS && <p class="quiet">Enter at most {MOST_TEXTS} texts.</p>}
        </div>
      </form>
      <section class="panel answer" aria-label="Similarity" aria-busy={latest.pending}>
        {latest.pending && <Underway what="Comparing" />}
        {isStale && !latest.pending && (
          <p class="notice notice-stale" role="status">
            The texts have changed. Press Compare for a new answer.
          </p>
        )}
        <div class={isStale || latest.pending ? 'outdated' : ''} role="status">
          {latest.problem !== undefined && <ProblemBox problem={latest.problem} />}
          {latest.value !== undefined && <Similarities {...latest.value} />}
          {latest.value === undefined && latest.problem === undefined && !latest.pending && (
            <p class="quiet">Press Compare to see how similar the texts are.</p>
          )}
        </div>
      </section>
    </div>
  );
}

function Similarities({ texts, answer }: Compared): VNode {
  const [first, ...others] = answer.prediction as readonly (readonly number[])[];
  const shares = others
    .map((vector, at) => ({ label: texts[at + 1]!, share: cosine(first!, vector) }))
    .sort((one, other) => other.share - one.share)
    .map(({ label, share }) => ({ label, share, text: share.toFixed(3) }));
  return (
    <>
      <p class="answer-title">Cosine similarity to “{texts[0]}”</p>
      <div class="whole-labels">
        <ShareList shares={shares} />
      </div>
    </>
  );
}

/** The texts without duplicates, which would make equal bars. */
const textsIn = (written: string): string[] => [
  ...new Set(
    written
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
];
