import type { VNode } from 'preact';
import type { Feature } from '../api/models.ts';
import type { Problem } from '../api/problem.ts';
import { issueText } from './issue-text.ts';

/** How many errors the box lists; it only counts the rest. */
const LISTED = 8;

interface ProblemBoxProps {
  readonly problem: Problem;
  /** The model's features, whose titles replace their names. */
  readonly features?: readonly Feature[];
}

/** An error for people: what is wrong, where, and what to do. Screen readers announce it. */
export function ProblemBox({ problem, features = [] }: ProblemBoxProps): VNode {
  const { title, detail, action, errors = [], requestId } = problem;
  const issues = errors.map(({ field, detail: issue }) =>
    issueText(
      issue,
      features.find(({ name }) => name === field),
    ),
  );
  // A detail that only summarises the issues, and an action that points to them, would repeat the list.
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
