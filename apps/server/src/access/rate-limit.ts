import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import type { Settings } from '#config';
import { NestorError } from '#errors';
import { clientOf } from './client.ts';
import { type HttpOperation, operationOf } from '../http/operation.ts';

const MINUTE_MS = 60_000;
/** Clients remembered at once: the oldest are forgotten, so that a flood of addresses holds no memory. */
const CLIENTS = 10_000;

/**
 * Limits the HTTP requests that a client may send in a minute, where `RATE_LIMIT_PER_MINUTE`
 * says so. It takes hold of the routes declared after it: call it first.
 */
export async function limitRate(
  fastify: FastifyInstance,
  { rateLimitPerMinute: max, apiKeysFile }: Settings,
): Promise<void> {
  if (max === 0) return;
  await fastify.register(rateLimit, {
    max,
    timeWindow: MINUTE_MS,
    cache: CLIENTS,
    keyGenerator: ({ headers, ip }) => clientOf(headers, ip, apiKeysFile !== undefined),
    allowList: ({ routeOptions }) => !isLimited(operationOf(routeOptions)),
    errorResponseBuilder: (_request, { ttl }) =>
      new NestorError('RATE_LIMITED', `This client may send ${max} request(s) a minute.`, {
        retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000)),
      }),
  });
}

/** Probes and scrapes are not, unless they are such as take a key. */
const isLimited = ({ probe, access }: Pick<HttpOperation, 'probe' | 'access'>): boolean => !probe || access === 'key';
