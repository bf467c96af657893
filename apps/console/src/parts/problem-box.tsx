import type { VNode } from 'preact';
import type { Feature } from '../api/models.ts';
import type { Problem } from '../api/problem.ts';
import { issueText } from './issue-text.ts';

/** How many single errors are listed before they are only counted. */
const LISTED = 8;

interface ProblemBoxProps {
  readonly problem: Problem;
  /** The model's features, by whose titles a person knows them. */
  readonly features?: readonly Feature[];
}

/** An error as a person reads it: what, where, what to do. Screen readers say it as soon as it appears. */
export function ProblemBox({ problem, features = [] }: ProblemBoxProps): VNode {
  const { title, detail, action, errors = [], requestId } = problem;
  const issues = errors.map(({ field, detail: issue }) =>
    issueText(
      issue,
      features.find(({ name }) => name === field),
    ),
  );
  // A detail that sums the issues up, and an action that points to them, are for programs.
  const isSummary = errors.some((issue) => detail.startsWith(issue.detail));
  return (
    <div class="notice notice-error" role="alert">
      <strong>{title}</strong>
      {!isSummary && <p>{detail}</p>}
      {issues.length > 0 && (
        <ul>
          {issues.slice(0, LISTED).map((issue) => (
            <li key={issue}>{issue}</li>
          ))}
          {issues.length > LISTED && <li>and {issues.length - LISTED} more</li>}
        </ul>
      )}
      {!isSummary && action !== undefined && <p>{action}</p>}
      {requestId !== undefined && <p class="quiet">Request {requestId}</p>}
    </div>
  );
}
