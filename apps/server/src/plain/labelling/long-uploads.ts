import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

type Handler = (error: NodeJS.ErrnoException, socket: Duplex) => void;

/**
 * Requests that may take as long as they move. The server gives a request REQUEST_TIMEOUT_SECONDS to arrive, whatever it
 * is; a file that is answered while it is sent may take longer, but must not stand still.
 */
@Injectable()
export class LongUploads implements OnModuleInit {
  private readonly moving = new WeakSet<Duplex>();

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  /** Node reports a request that takes too long once, as a client's error, and leaves it to the handler to end it. */
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
   * Lets the request on a connection take as long as bytes move either way.
   *
   * @param idleMs how long none may move before the connection is cut
   * @returns a function to call at its end
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
