import { useEffect, useState } from 'preact/hooks';
import type { Feature, ModelDescription } from '../api/models.ts';
import { type Answer, predict } from '../api/predict.ts';
import type { Issue } from '../api/problem.ts';
import { issueText } from '../parts/issue-text.ts';
import { type Latest, useLatest } from '../parts/use-latest.ts';
import { firstValues, recordJson, recordMembers, type Values } from './record.ts';

/** The server's message about a field's value. */
export interface Remark {
  readonly kind: 'error' | 'warning';
  readonly text: string;
}

/** The record in the form, and its answer. */
export interface EditedRecord {
  readonly values: Values;
  readonly json: string;
  readonly answer: Latest<Answer>;
  /** Whether the answer belongs to another record, or to another version. */
  readonly isStale: boolean;
  readonly remarkOn: (name: string) => Remark | undefined;
  /** Takes values while the user types. */
  readonly type: (changed: Values) => void;
  /** Takes complete values. Asks at once if an answer is visible. */
  readonly choose: (changed: Values) => void;
  readonly ask: () => Promise<void>;
}

export function useRecord({ features, examples }: ModelDescription, path: string): EditedRecord {
  const [values, setValues] = useState<Values>(() => firstValues(features, examples));
  const [asked, setAsked] = useState<Values>({});
  const [answer, start] = useLatest<Answer>();
  const isShown = answer.value !== undefined || answer.problem !== undefined;

  const send = (next: Values): Promise<void> => {
    setAsked(next);
    const record = jsonOf(features, next);
    return start((signal) => predict(path, record, 'application/json', signal), subjectOf(path, record));
  };
  const choose = (changed: Values): void => {
    const next = { ...values, ...changed };
    setValues(next);
    if (isShown || answer.pending) void send(next);
  };
  // Ask the new version the same.
  useEffect(() => choose({}), [path]);

  const json = jsonOf(features, values);
  const remarks = remarksOf(answer, features);
  return {
    ...{ values, json, answer, choose },
    isStale: isShown && answer.subject !== subjectOf(path, json),
    // A message about a value does not apply to another value.
    remarkOn: (name) => ((values[name] ?? '') === (asked[name] ?? '') ? remarks.get(name) : undefined),
    type: (changed) => setValues({ ...values, ...changed }),
    ask: () => send(values),
  };
}

const jsonOf = (features: readonly Feature[], values: Values): string => recordJson(recordMembers(features, values));

/** Identifies the request of an answer. */
const subjectOf = (path: string, record: string): string => `${path} ${record}`;

/** The server's message about each field. */
function remarksOf({ value, problem }: Latest<Answer>, features: readonly Feature[]): Map<string, Remark> {
  const remark = (kind: Remark['kind'], issues: readonly Issue[] = []): [string, Remark][] =>
    issues.flatMap(({ field, detail }) => {
      const feature = features.find(({ name }) => name === field);
      return feature === undefined ? [] : [[feature.name, { kind, text: issueText(detail, feature) }]];
    });
  return new Map([...remark('warning', value?.warnings), ...remark('error', problem?.errors)]);
}
