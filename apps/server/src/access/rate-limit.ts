import { createHash } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Settings } from '#config';
import { NestorError } from '#errors';
import { PROBES } from '../http/probes.ts';

const MINUTE_MS = 60_000;
/** Clients remembered at once: the oldest are forgotten, so that a flood of addresses holds no memory. */
const CLIENTS = 10_000;
const OPEN: ReadonlySet<string> = new Set([...PROBES, '/metrics']);

/**
 * Limits the requests that a client (an API key, else an address) may send in a minute, where `RATE_LIMIT_PER_MINUTE`
 * says so. It takes hold of the routes declared after it: call it first.
 */
export async function limitRate(fastify: FastifyInstance, { rateLimitPerMinute: max }: Settings): Promise<void> {
  if (max === 0) return;
  await fastify.register(rateLimit, {
    max,
    timeWindow: MINUTE_MS,
    cache: CLIENTS,
    keyGenerator: clientOf,
    allowList: (request) => OPEN.has(request.routeOptions.url ?? ''),
    errorResponseBuilder: (_request, { ttl }) =>
      new NestorError('RATE_LIMITED', `This client may send ${max} request(s) a minute.`, {
        retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000)),
      }),
  });
}

function clientOf(request: FastifyRequest): string {
  const key = request.headers['x-api-key'] ?? request.headers.authorization;
  return key === undefined ? request.ip : createHash('sha256').update(String(key)).digest('base64');
}
