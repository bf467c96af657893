import { type Issue, type NestorError } from '#errors';
import type { ErrorResponse } from './send-error.ts';

/** The body of an error: RFC 9457, Problem Details for HTTP APIs, with the catalogue's code as an extension. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly action: string;
  readonly errors?: readonly Issue[];
  readonly requestId: string;
}

/** An error in Nestor's own form, for whatever speaks no protocol of its own. */
export function renderProblem(error: NestorError, { id }: { readonly id: string }): ErrorResponse {
  return { contentType: 'application/problem+json', body: problemOf(error, id) };
}

function problemOf(error: NestorError, requestId: string): Problem {
  const { status, title, action } = error.entry;
  return {
    type: `urn:nestor:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    action,
    ...(error.errors.length > 0 && { errors: error.errors }),
    requestId,
  };
}
