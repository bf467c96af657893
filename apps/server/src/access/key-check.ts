import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { NestorError } from '#errors';
import { asksForPage, CONSOLE_FILES } from '../console/open-to-all.ts';
import { PROBES } from '../http/probes.ts';
import { DOCS_FILES } from '../openapi/open-to-all.ts';
import { PINO } from '../logging/logger.ts';
import { KeyFile } from './key-file.ts';

const ADMIN_PATHS = /^\/(?:admin\/|v2\/repository\/models\/)/;
const BEARER = /^Bearer +(\S+)$/i;

/** What a caller shows of itself: `X-API-Key` and `Authorization`, as headers or gRPC metadata. Other than text is no key. */
export interface Credentials {
  readonly ownHeader: unknown;
  readonly authorization: unknown;
}

/**
 * Asks for an API key where `API_KEYS_FILE` names some, and guards administration: off, or open to the keys of
 * `ADMIN_KEYS_FILE` alone. Probes and the files of the two pages are always open; `/metrics` is unless `PROTECT_METRICS` is on.
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
    const fastify = adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRoute', (route) => {
      const check = this.checkOf(route.url);
      if (check !== undefined) route.onRequest = [check, route.onRequest ?? []].flat();
    });
  }

  onApplicationShutdown(): void {
    this.keys?.close();
    this.adminKeys?.close();
  }

  /** Whether callers need a key at all. */
  get asksForKeys(): boolean {
    return this.keys !== undefined;
  }

  /**
   * What stands against a call with these credentials, over whatever protocol; undefined where nothing does.
   *
   * @param admin whether it changes what is served
   */
  refusal(credentials: Credentials, admin = false): NestorError | undefined {
    const keys = admin ? this.adminKeys : this.keys;
    if (keys !== undefined) return refusalBy(keys, credentials);
    return admin ? new NestorError('ADMIN_OFF', 'This server does not change its models on request.') : undefined;
  }

  /** The check of a route, decided once by its pattern; none where the route is open. */
  private checkOf(
    pattern: string,
  ): ((request: FastifyRequest, reply: unknown, done: (error?: Error) => void) => void) | undefined {
    const admin = ADMIN_PATHS.test(pattern);
    const open = PROBES.has(pattern) || CONSOLE_FILES.has(pattern) || DOCS_FILES.has(pattern);
    if (!admin && (this.keys === undefined || open)) return undefined;
    if (pattern === '/metrics' && this.settings.protectMetrics === 'off') return undefined;
    const isHome = pattern === '/' && this.settings.console === 'on';
    return ({ headers }, _reply, done) => {
      if (isHome && asksForPage(headers.accept)) done();
      else done(this.refusal({ ownHeader: headers['x-api-key'], authorization: headers.authorization }, admin));
    };
  }
}

function refusalBy(keys: KeyFile, credentials: Credentials): NestorError | undefined {
  const key = keyOf(credentials);
  if (key === undefined) return new NestorError('UNAUTHENTICATED', 'The request carries no API key.');
  return keys.accepts(key)
    ? undefined
    : new NestorError('UNAUTHENTICATED', 'The API key of the request is not known here.');
}

function keyOf({ ownHeader, authorization }: Credentials): string | undefined {
  if (typeof ownHeader === 'string') return ownHeader;
  return typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined;
}
