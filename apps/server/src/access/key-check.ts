import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { NestorError } from '#errors';
import { wantsPage } from '../http/negotiation.ts';
import { operationOf } from '../http/operation.ts';
import { PINO } from '../logging/logger.ts';
import type { Access } from '../operation/operation.ts';
import type { Sender } from './client.ts';
import { KeyFile } from './key-file.ts';
import { RateLimit } from './rate-limit.ts';

const BEARER = /^Bearer +(\S+)$/i;

/**
 * Requires an API key if `API_KEYS_FILE` is set, and for administration a key of `ADMIN_KEYS_FILE`. Each route declares
 * the access that it needs. A rejected request counts towards the rate limit of its sender's address.
 */
@Injectable()
export class KeyCheck implements OnApplicationShutdown {
  private readonly keys: KeyFile | undefined;
  private readonly adminKeys: KeyFile | undefined;

  /** Hooks into Fastify when it is constructed, so that it sees every route. */
  constructor(
    adapterHost: HttpAdapterHost,
    private readonly settings: Settings,
    private readonly rate: RateLimit,
    @Inject(PINO) logger: Logger,
  ) {
    const open = (path: string | undefined) =>
      path === undefined
        ? undefined
        : new KeyFile(path, ({ message }) => logger.error(`${message} The previous keys remain valid.`));
    this.keys = open(settings.apiKeysFile);
    this.adminKeys = settings.admin === 'on' ? open(settings.adminKeysFile) : undefined;
    adapterHost.httpAdapter.getInstance<FastifyInstance>().addHook('onRoute', (route) => this.guard(route));
  }

  onApplicationShutdown(): void {
    this.keys?.close();
    this.adminKeys?.close();
  }

  /**
   * The reason to reject a request in any protocol; undefined to admit it. Sets the sender's accepted key.
   */
  async refusal(access: Access, sender: Sender): Promise<NestorError | undefined> {
    if (access === 'admin') {
      if (this.adminKeys !== undefined) return this.refusalBy(this.adminKeys, sender);
      return new NestorError('ADMIN_OFF', 'Administration is off: this server does not change its models on request.');
    }
    return this.keys === undefined || this.isOpen(access, sender) ? undefined : this.refusalBy(this.keys, sender);
  }

  private async refusalBy(keys: KeyFile, sender: Sender): Promise<NestorError | undefined> {
    const key = keyOf(sender);
    if (key !== undefined && keys.accepts(key)) {
      sender.acceptedKey = key;
      return undefined;
    }
    const exceeded = await this.rate.take(sender);
    if (exceeded !== undefined) return exceeded;
    const detail = key === undefined ? 'The request has no API key.' : 'The API key of the request is invalid.';
    return new NestorError('UNAUTHENTICATED', detail);
  }

  /** Checks the requests to a route, where any of them needs a key. */
  private guard(route: RouteOptions): void {
    const { access } = operationOf(route);
    if (access === 'open' || (access !== 'admin' && this.keys === undefined)) return;
    const check = async (request: FastifyRequest): Promise<void> => {
      const refusal = await this.refusal(access, request);
      if (refusal !== undefined) throw refusal;
    };
    route.onRequest = [check, route.onRequest ?? []].flat();
  }

  private isOpen(access: Exclude<Access, 'admin'>, { headers }: Sender): boolean {
    switch (access) {
      case 'open':
        return true;
      case 'scrape':
        return this.settings.protectMetrics === 'off';
      case 'page':
        return this.settings.console === 'on' && typeof headers.accept === 'string' && wantsPage(headers.accept);
      case 'key':
        return false;
    }
  }
}

function keyOf({ headers: { 'x-api-key': ownHeader, authorization } }: Sender): string | undefined {
  if (typeof ownHeader === 'string') return ownHeader;
  return typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined;
}
