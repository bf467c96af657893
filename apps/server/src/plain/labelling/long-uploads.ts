import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

type Handler = (error: NodeJS.ErrnoException, socket: Duplex) => void;

/**
 * Exempts uploads from the request timeout. A request normally has REQUEST_TIMEOUT_SECONDS to arrive. A file that is
 * labelled while it arrives may take longer, as long as its bytes keep moving.
 */
@Injectable()
export class LongUploads implements OnModuleInit {
  private readonly moving = new WeakSet<Duplex>();

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  /** Node reports a slow request once, as a client error, and leaves it to the handler to end it. */
  onModuleInit(): void {
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    const handlers = server.listeners('clientError') as Handler[];
    server.removeAllListeners('clientError');
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && this.moving.has(socket)) return;
      for (const handler of handlers) handler(error, socket);
    });
  }

  /**
   * Lets the request on a connection continue while bytes move in either direction.
   *
   * @param idleMs the time without bytes after which the connection is cut
   * @returns a function to call at the end of the request
   */
  begin(socket: Socket, idleMs: number): () => void {
    this.moving.add(socket);
    socket.setTimeout(idleMs);
    return () => {
      this.moving.delete(socket);
      socket.setTimeout(0);
    };
  }
}
