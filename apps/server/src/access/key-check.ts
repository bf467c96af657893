import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { NestorError } from '#errors';
import { wantsPage } from '../http/negotiation.ts';
import { operationOf } from '../http/operation.ts';
import { PINO } from '../logging/logger.ts';
import type { Access } from '../operation/operation.ts';
import { KeyFile } from './key-file.ts';

const BEARER = /^Bearer +(\S+)$/i;

/** What a request shows of its sender: the headers `X-API-Key` and `Authorization`, or gRPC's metadata. Other than text is no key. */
export interface Credentials {
  readonly 'x-api-key'?: unknown;
  readonly authorization?: unknown;
}

type Headers = Credentials & { readonly accept?: string | undefined };

/**
 * Asks for an API key where `API_KEYS_FILE` names some, and guards administration: off, or open to the keys of
 * `ADMIN_KEYS_FILE` alone. Which of these a request needs stands at its route.
 */
@Injectable()
export class KeyCheck implements OnApplicationShutdown {
  private readonly keys: KeyFile | undefined;
  private readonly adminKeys: KeyFile | undefined;

  /** Listens from its construction on, so that it sees every route. */
  constructor(
    adapterHost: HttpAdapterHost,
    private readonly settings: Settings,
    @Inject(PINO) logger: Logger,
  ) {
    const open = (path: string | undefined) =>
      path === undefined
        ? undefined
        : new KeyFile(path, ({ message }) => logger.error(`${message} The keys read before stay in force.`));
    this.keys = open(settings.apiKeysFile);
    this.adminKeys = settings.admin === 'on' ? open(settings.adminKeysFile) : undefined;
    adapterHost.httpAdapter.getInstance<FastifyInstance>().addHook('onRoute', (route) => this.guard(route));
  }

  onApplicationShutdown(): void {
    this.keys?.close();
    this.adminKeys?.close();
  }

  /** Whether callers need a key at all. */
  get asksForKeys(): boolean {
    return this.keys !== undefined;
  }

  /** What stands against a request with these headers, over whatever protocol; undefined where nothing does. */
  refusal(access: Access, headers: Headers): NestorError | undefined {
    if (access === 'admin') {
      if (this.adminKeys !== undefined) return refusalBy(this.adminKeys, headers);
      return new NestorError('ADMIN_OFF', 'This server does not change its models on request.');
    }
    return this.keys === undefined || this.isOpen(access, headers) ? undefined : refusalBy(this.keys, headers);
  }

  /** Checks the requests to a route, where any of them needs a key. */
  private guard(route: RouteOptions): void {
    const { access } = operationOf(route);
    if (access === 'open' || (access !== 'admin' && this.keys === undefined)) return;
    const check: NonNullable<RouteOptions['onRequest']> = ({ headers }, _reply, done) =>
      done(this.refusal(access, headers));
    route.onRequest = [check, route.onRequest ?? []].flat();
  }

  private isOpen(access: Exclude<Access, 'admin'>, { accept }: Headers): boolean {
    switch (access) {
      case 'open':
        return true;
      case 'scrape':
        return this.settings.protectMetrics === 'off';
      case 'page':
        return this.settings.console === 'on' && wantsPage(accept);
      case 'key':
        return false;
    }
  }
}

function refusalBy(keys: KeyFile, credentials: Credentials): NestorError | undefined {
  const key = keyOf(credentials);
  if (key === undefined) return new NestorError('UNAUTHENTICATED', 'The request carries no API key.');
  return keys.accepts(key)
    ? undefined
    : new NestorError('UNAUTHENTICATED', 'The API key of the request is not known here.');
}

function keyOf({ 'x-api-key': ownHeader, authorization }: Credentials): string | undefined {
  if (typeof ownHeader === 'string') return ownHeader;
  return typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined;
}
