import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { NestorError } from '#errors';
import { fromFramework } from './framework-error.ts';
import { sendText } from './send-text.ts';

/** What a protocol's error looks like on the wire. */
export type RenderError = (error: NestorError) => object;

/**
 * Answers with an error in a protocol's own form, under the catalogue's status, and leaves it on the request for the
 * access line and the metrics. The content type is exactly application/json, without the charset that Fastify gives to
 * texts: KServe's client reads no other.
 */
export function sendErrorAs(
  render: RenderError,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): FastifyReply {
  const error = fromFramework(thrown);
  request.failure = error;
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  return sendText(reply.code(error.entry.status), 'application/json', JSON.stringify(render(error)));
}

/**
 * Gives a protocol's form to the errors of its routes that no controller throws: those of hooks (a missing key, too many
 * requests) and of bodies. It takes hold of the routes declared after it: call it in a provider's constructor.
 */
export function renderRouteErrors(
  fastify: FastifyInstance,
  covers: (path: string) => boolean,
  render: RenderError,
): void {
  const errorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    void sendErrorAs(render, request, reply, error);
  };
  fastify.addHook('onRoute', (route) => {
    if (covers(route.url)) route.errorHandler ??= errorHandler;
  });
}
