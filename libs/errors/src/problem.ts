import type { Issue, NestorError } from './nestor-error.ts';

/** An error as RFC 9457, Problem Details for HTTP APIs, with the catalogue's code as an extension. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly action: string;
  readonly errors?: readonly Issue[];
}

/** The media type of a `Problem`. */
export const PROBLEM_TYPE = 'application/problem+json';

export function problemOf(error: NestorError): Problem {
  const { status, title, action } = error.entry;
  return {
    type: `urn:nestor:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    action,
    ...(error.errors.length > 0 && { errors: error.errors }),
  };
}
