import type { VNode } from 'preact';
import type { Problem } from '../api/problem.ts';

/** How many single errors are listed before they are only counted. */
const LISTED = 8;

/** An error as a person reads it: what, where, what to do. Screen readers say it as soon as it appears. */
export function ProblemBox({ problem }: { readonly problem: Problem }): VNode {
  const { title, detail, action, errors = [], requestId } = problem;
  const unsaid = errors.filter((issue) => !detail.includes(issue.detail));
  return (
    <div class="notice notice-error" role="alert">
      <strong>{title}</strong>
      <p>{detail}</p>
      {unsaid.length > 0 && (
        <ul>
          {unsaid.slice(0, LISTED).map((issue) => (
            <li key={issue.detail}>{issue.detail}</li>
          ))}
          {unsaid.length > LISTED && <li>and {unsaid.length - LISTED} more</li>}
        </ul>
      )}
      {action !== undefined && <p>{action}</p>}
      {requestId !== undefined && <p class="quiet">Request {requestId}</p>}
    </div>
  );
}
