import { hostname } from 'node:os';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '#config';
import { limitRate } from '../access/rate-limit.ts';
import { trustedProxies } from '../access/trusted-proxies.ts';
import { httpCaller } from './caller.ts';
import { leaveContinueToReaders } from './expect-continue.ts';
import { fromFramework } from './framework-error.ts';
import { renderProblem } from './problem.ts';
import { baseRemover, publicPathOf } from './public-path.ts';
import { Pieces, readBody } from './read-body.ts';
import { requestId } from './request-id.ts';
import { sendError } from './send-error.ts';

const CHECKED_EVERY_MS = 1000;
/** Node's default. */
const HEADERS_MS = 60_000;

/** The pod's name, by which `nestor load` counts responses per pod. Outside a cluster the host's name stays private. */
const POD = process.env['KUBERNETES_SERVICE_HOST'] === undefined ? undefined : hostname();

/**
 * Nest's Fastify adapter, set up for keep-alive clients and a drain that loses no request: while the server closes, it
 * still serves requests on open connections instead of rejecting them with 503.
 */
export async function createAdapter(settings: Settings): Promise<FastifyAdapter> {
  const proxies = trustedProxies(settings);
  const rewriteUrl = baseRemover(settings);
  const requestTimeout = settings.requestTimeoutSeconds * 1000;
  const adapter = new FastifyAdapter({
    logger: false,
    genReqId: requestId,
    requestTimeout,
    http: {
      // How often Node checks for late requests. Its default is half a minute.
      connectionsCheckingInterval: Math.min(CHECKED_EVERY_MS, requestTimeout / 2),
      // Must not exceed the request's timeout, or else Node swaps the two.
      headersTimeout: Math.min(HEADERS_MS, requestTimeout),
      requestTimeout,
    },
    keepAliveTimeout: settings.keepAliveSeconds * 1000,
    maxRequestsPerSocket: settings.maxRequestsPerConnection,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
    trustProxy: proxies,
    ...(rewriteUrl && { rewriteUrl }),
    skipMiddie: true,
    // For paths that cannot be decoded, or with parts that are too long. No hook sees such a request.
    frameworkErrors: (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
      reply.raw.once('finish', () => request.server.recordUnrouted(request, reply));
      reply.header('x-request-id', request.id);
      void sendError(request, reply, fromFramework(thrown), { renderError: renderProblem });
    },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  // All bodies arrive as bytes, and each protocol parses its own once. Naming JSON lets Fastify cache its parser; for
  // types without a name it parses the header of each request.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(['application/json', '*'], (request, payload, done) => {
    // Fastify also reads the bodies of requests to unknown paths.
    if (request.is404) done(null);
    else readBody(request, payload, settings.maxBodyBytes, () => new Pieces(request), done);
  });
  leaveContinueToReaders(fastify.server);
  fastify.decorateRequest('acceptedKey', null);
  fastify.decorateRequest('served', null);
  fastify.decorateRequest('failure', null);
  fastify.decorateRequest('recorded', false);
  fastify.decorateRequest('memory', null);
  fastify.decorateRequest('heldBytes', 0);
  fastify.decorateRequest('caller', function (this: FastifyRequest) {
    return httpCaller(this);
  });
  fastify.decorateRequest('publicPath', function (this: FastifyRequest) {
    return publicPathOf(this, proxies, settings);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (POD !== undefined) reply.header('x-served-by', POD);
    done();
  });
  await limitRate(fastify, settings);
  return adapter;
}
