import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { PINO } from '../logging/logger.ts';

const SWEEP_MS = 100;

/** A second server, which stops along with the HTTP server. */
export interface SecondServer {
  /** Continues to serve calls, but asks clients to leave: the process is shutting down. */
  drain(): void;
  /** Accepts no more calls. Resolves once the calls in flight are answered. */
  close(): Promise<void>;
  /** Cuts the calls still in flight. */
  cut(): void;
}

/**
 * Shuts down without losing a request. On SIGTERM, readiness turns 503 at once. For DRAIN_SECONDS, requests on old and
 * new connections are served with `Connection: close`. Then the listener closes, idle connections are closed, and
 * requests in flight finish. SHUTDOWN_SECONDS after the signal, connections still open are cut. SIGINT comes from a
 * person who waits, so the listener closes at once.
 */
@Injectable()
export class Drain implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  private started = false;
  private second: SecondServer | undefined;
  private secondClosed: Promise<void> | undefined;
  private sweep: NodeJS.Timeout | undefined;
  private deadline: NodeJS.Timeout | undefined;
  /** Aborts the wait for clients to leave. */
  private readonly hurried = new AbortController();

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly settings: Settings,
    @Inject(PINO) private readonly logger: Logger,
  ) {}

  /** True once the process has received a signal to stop. */
  get draining(): boolean {
    return this.started;
  }

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onSend', (_request, reply, _payload, done) => {
      if (this.started) reply.header('connection', 'close');
      done();
    });
    fastify.addHook('onClose', async () => this.secondClosed);
  }

  /** Makes another server drain and close along with the HTTP server. */
  include(server: SecondServer): void {
    this.second = server;
  }

  /** Closes the listener now instead of waiting for clients to leave. */
  hurry(): void {
    this.hurried.abort();
  }

  /** Nest calls this before the server closes. Without SIGTERM the listener closes at once. */
  async beforeApplicationShutdown(signal?: string): Promise<void> {
    this.started = true;
    this.second?.drain();
    const { drainSeconds, shutdownSeconds } = this.settings;
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    this.deadline = setTimeout(() => this.cut(server), shutdownSeconds * 1000);
    if (signal === 'SIGTERM' && server.listening) {
      this.logger.info({ signal, drainSeconds }, 'draining: still serving, and closing connections as they are used');
      await pause(drainSeconds * 1000, undefined, { signal: this.hurried.signal }).catch(() => undefined);
      this.logger.info('drained: closing the listener');
    } else if (signal !== undefined) {
      this.logger.info({ signal }, 'stopping: waiting only for requests in flight');
    }
    this.secondClosed = this.second?.close();
    this.sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.sweep);
    clearTimeout(this.deadline);
    this.logger.info('stopped');
  }

  private cut(server: Server): void {
    this.logger.warn(
      { shutdownSeconds: this.settings.shutdownSeconds },
      'stopping took too long: open connections are cut',
    );
    server.closeAllConnections();
    this.second?.cut();
  }
}
