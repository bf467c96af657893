import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { loadModel } from '../api/admin.ts';
import type { ModelSummary } from '../api/models.ts';
import { ProblemError } from '../api/problem.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { Underway } from '../parts/underway.tsx';
import { useLatest } from '../parts/use-latest.ts';
import { KeyForm } from './key-form.tsx';

interface FailuresProps {
  readonly model: ModelSummary;
  /** Whether this server changes its models on request. */
  readonly administered: boolean;
  readonly onLoaded: () => void;
}

/** Says why a model's files cannot be served. Lets holders of the admin key try again. */
export function Failures({ model, administered, onLoaded }: FailuresProps): VNode | null {
  const reasons = [model.reason, ...model.versions.map(({ reason }) => reason)].filter((one) => one !== undefined);
  const [wantsKey, setWantsKey] = useState(false);
  const [loading, start] = useLatest<unknown>();
  if (reasons.length === 0 && loading.problem === undefined) return null;

  const load = (): void => {
    setWantsKey(false);
    void start(async () => {
      try {
        await loadModel(model.name);
      } catch (error) {
        if (!(error instanceof ProblemError) || error.status !== 401) throw error;
        setWantsKey(true);
      } finally {
        onLoaded();
      }
    });
  };
  return (
    <section class="panel failures" aria-label="What failed">
      {reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
      {loading.pending && <Underway what="Loading" />}
      {loading.problem !== undefined && !reasons.some((one) => loading.problem?.detail.includes(one)) && (
        <ProblemBox problem={loading.problem} />
      )}
      {administered && !loading.pending && !wantsKey && (
        <button type="button" onClick={load}>
          Retry
        </button>
      )}
      {wantsKey && (
        <KeyForm role="admin" label="admin key" onKey={load}>
          <h2>Loading a model needs an admin key</h2>
        </KeyForm>
      )}
    </section>
  );
}
