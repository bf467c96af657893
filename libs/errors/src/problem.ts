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

/** @param action what the caller can do about it */
export function problemOf(error: NestorError, action: string = error.entry.action): Problem {
  const { status, title } = error.entry;
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
