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
/** Node's own. */
const HEADERS_MS = 60_000;

/** The name of the pod, by which `nestor load` shows who answers. Outside a cluster no host name is sent. */
const POD = process.env['KUBERNETES_SERVICE_HOST'] === undefined ? undefined : hostname();

/**
 * Nest's Fastify adapter, set up for keep-alive clients and a drain that loses nothing: while the server closes,
 * requests on open connections are served, not answered 503.
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
      // How often Node looks for requests that take longer to arrive: half a minute, if nothing is said.
      connectionsCheckingInterval: Math.min(CHECKED_EVERY_MS, requestTimeout / 2),
      // Where it is longer than the request's, Node takes the one for the other.
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
    // A path that cannot be decoded, or whose parts are too long: no hook sees such a request.
    frameworkErrors: (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
      reply.raw.once('finish', () => request.server.recordUnrouted(request, reply));
      reply.header('x-request-id', request.id);
      void sendError(request, reply, fromFramework(thrown), { renderError: renderProblem });
    },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  // Bodies are bytes for everyone: each protocol parses its own, once. JSON is named because Fastify remembers the parser
  // of a type that is named, and takes the header apart for each request of any other.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(['application/json', '*'], (request, payload, done) => {
    // Fastify reads bodies of paths that nobody serves as well.
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
