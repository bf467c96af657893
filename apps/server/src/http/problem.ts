import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Issue, type NestorError, toNestorError } from '#errors';
import { sendText } from './send-text.ts';

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

export function problemOf(error: NestorError, requestId: string): Problem {
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

/** Answers with a problem and leaves the error on the request for the access line and the metrics. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = toNestorError(thrown);
  request.failure = error;
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  const text = JSON.stringify(problemOf(error, request.id));
  return sendText(reply.code(error.entry.status), 'application/problem+json', text);
}
