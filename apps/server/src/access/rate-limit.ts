import rateLimit from '@fastify/rate-limit';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Settings } from '#config';
import { NestorError } from '#errors';
import { operationOf } from '../http/operation.ts';
import type { Operation } from '../operation/operation.ts';
import { clientOf, type Sender } from './client.ts';

const MINUTE_MS = 60_000;
/** The limit on remembered clients. The oldest are forgotten, so that a flood of addresses does not fill the memory. */
const CLIENTS = 10_000;

type Limited = Pick<Operation<never, unknown>, 'access' | 'probe'>;

/**
 * Limits a client's requests per minute to `RATE_LIMIT_PER_MINUTE`, with hooks on the HTTP routes declared after this
 * call, so call it first. `RateLimit` covers all other requests.
 */
export async function limitRate(fastify: FastifyInstance, { rateLimitPerMinute: max }: Settings): Promise<void> {
  if (max === 0) return;
  await fastify.register(rateLimit, {
    max,
    timeWindow: MINUTE_MS,
    cache: CLIENTS,
    keyGenerator: clientOf,
    allowList: ({ routeOptions }) => isUnlimited(operationOf(routeOptions)),
    errorResponseBuilder: (_request, { max, ttl }) => rateLimited(max, ttl),
  });
}

/**
 * The limit for requests outside Fastify, and for those that the key check rejects. They count together with a client's
 * HTTP requests.
 */
@Injectable()
export class RateLimit {
  private readonly count: ReturnType<FastifyInstance['createRateLimit']> | undefined;

  constructor(adapterHost: HttpAdapterHost) {
    const fastify = adapterHost.httpAdapter.getInstance<FastifyInstance>();
    if (fastify.hasDecorator('createRateLimit')) this.count = fastify.createRateLimit();
  }

  /** Counts a request; returns RATE_LIMITED above the sender's limit. */
  async refusal(operation: Limited, sender: Sender): Promise<NestorError | undefined> {
    return isUnlimited(operation) ? undefined : this.take(sender);
  }

  /** Counts a request of any operation; returns RATE_LIMITED above the sender's limit. */
  async take({ acceptedKey, ip }: Sender): Promise<NestorError | undefined> {
    if (this.count === undefined) return undefined;
    // The parts of a request that the limiter reads.
    const taken = await this.count({ acceptedKey, ip, routeOptions: {} } as FastifyRequest);
    return !taken.isAllowed && taken.isExceeded ? rateLimited(taken.max, taken.ttl) : undefined;
  }
}

/** True for probes and scrapes, except those that require a key. */
const isUnlimited = ({ probe, access }: Limited): boolean => probe && access !== 'key';

const rateLimited = (max: number, ttl: number): NestorError =>
  new NestorError('RATE_LIMITED', `This client exceeds its limit of ${max} requests per minute.`, {
    retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000)),
  });
