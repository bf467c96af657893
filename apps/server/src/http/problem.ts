import { type NestorError, PROBLEM_TYPE, problemOf } from '#errors';
import type { ErrorResponse } from './send-error.ts';

/** An error in Nestor's own form, for whatever speaks no protocol of its own. */
export function renderProblem(error: NestorError, { id }: { readonly id: string }): ErrorResponse {
  return { contentType: PROBLEM_TYPE, body: { ...problemOf(error), requestId: id } };
}
