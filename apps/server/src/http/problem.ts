import { type NestorError, PROBLEM_TYPE, problemOf } from '#errors';
import type { ErrorResponse } from './send-error.ts';

/** Renders an error in Nestor's own form, for routes outside the other protocols. */
export function renderProblem(error: NestorError, { id }: { readonly id: string }): ErrorResponse {
  return { contentType: PROBLEM_TYPE, body: { ...problemOf(error), requestId: id } };
}
