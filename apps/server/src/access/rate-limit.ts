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
/** Clients remembered at once: the oldest are forgotten, so that a flood of addresses holds no memory. */
const CLIENTS = 10_000;

type Limited = Pick<Operation<never, unknown>, 'access' | 'probe'>;

/**
 * Limits the requests that a client may send in a minute, where `RATE_LIMIT_PER_MINUTE` says so: HTTP requests by hooks of
 * the routes declared after it, so call it first; all others by `RateLimit`.
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
 * The limit for requests that do not come by way of Fastify, and for those that are not let in. They are counted together
 * with a client's HTTP requests.
 */
@Injectable()
export class RateLimit {
  private readonly count: ReturnType<FastifyInstance['createRateLimit']> | undefined;

  constructor(adapterHost: HttpAdapterHost) {
    const fastify = adapterHost.httpAdapter.getInstance<FastifyInstance>();
    if (fastify.hasDecorator('createRateLimit')) this.count = fastify.createRateLimit();
  }

  /** Counts a request; RATE_LIMITED where its sender sends more than it may. */
  async refusal(operation: Limited, sender: Sender): Promise<NestorError | undefined> {
    return isUnlimited(operation) ? undefined : this.take(sender);
  }

  /** Counts a request, whatever it is for; RATE_LIMITED where its sender sends more than it may. */
  async take({ acceptedKey, ip }: Sender): Promise<NestorError | undefined> {
    if (this.count === undefined) return undefined;
    // As much of a request as the limiter looks at.
    const taken = await this.count({ acceptedKey, ip, routeOptions: {} } as FastifyRequest);
    return !taken.isAllowed && taken.isExceeded ? rateLimited(taken.max, taken.ttl) : undefined;
  }
}

/** Probes and scrapes are, unless they are such as take a key. */
const isUnlimited = ({ probe, access }: Limited): boolean => probe && access !== 'key';

const rateLimited = (max: number, ttl: number): NestorError =>
  new NestorError('RATE_LIMITED', `This client sends more requests in a minute than it may, which is ${max}.`, {
    retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1000)),
  });
