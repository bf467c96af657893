import { hostname } from 'node:os';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Settings } from '#config';
import { limitRate } from '../access/rate-limit.ts';
import { httpCaller } from './caller.ts';
import { Pieces, readBody } from './read-body.ts';
import { requestId } from './request-id.ts';

/** The name of the pod, by which `nestor load` shows who answers; elsewhere a host's name is nobody's business. */
const POD = process.env['KUBERNETES_SERVICE_HOST'] === undefined ? undefined : hostname();

/**
 * Nest's Fastify adapter, set up for keep-alive clients and a drain that loses nothing: while the server closes,
 * requests on open connections are served, not answered 503.
 */
export async function createAdapter(settings: Settings): Promise<FastifyAdapter> {
  const adapter = new FastifyAdapter({
    logger: false,
    genReqId: requestId,
    requestTimeout: settings.requestTimeoutSeconds * 1000,
    keepAliveTimeout: settings.keepAliveSeconds * 1000,
    maxRequestsPerSocket: settings.maxRequestsPerConnection,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
    skipMiddie: true,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  // Bodies are bytes for everyone: each protocol parses its own, once. JSON is named because Fastify remembers the parser
  // of a type that is named, and takes the header apart for each request of any other.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(['application/json', '*'], ({ headers }, payload, done) =>
    readBody(headers, payload, settings.maxBodyBytes, () => new Pieces(), done),
  );
  fastify.decorateRequest('served', null);
  fastify.decorateRequest('failure', null);
  fastify.decorateRequest('memory', null);
  fastify.decorateRequest('caller', function (this: FastifyRequest) {
    return httpCaller(this);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (POD !== undefined) reply.header('x-served-by', POD);
    done();
  });
  await limitRate(fastify, settings);
  return adapter;
}
