import { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isAwaited } from './expect-continue.ts';

/** How many bytes of an unwanted body to read. */
const MOST_BYTES = 134_217_728;
/** How long to read it, which is also nginx's limit. */
const MOST_MS = 30_000;

/**
 * Makes an error reach a client that is still sending, by reading and discarding its body for a while. If the
 * connection closed at once, the client's next bytes would cause a reset, which destroys the response. If the body ends
 * in time, the connection stays open.
 */
export function discardBody({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (raw.complete) return;
  // Fastify closes the connection if it could not read a body. That is necessary only if the client was not asked for
  // its body: the next bytes may be the body or another request.
  if (isAwaited(raw)) reply.header('connection', 'close');
  else reply.removeHeader('connection');
  const { socket } = raw;
  let left = MOST_BYTES;
  raw.on('data', ({ length }: Buffer) => {
    left -= length;
    if (left < 0) socket.destroy();
  });
  raw.resume();
  closeLate(raw, socket);
  reply.raw.once('finish', () => {
    if (raw.complete) return;
    const timer = setTimeout(() => socket.destroy(), MOST_MS).unref();
    raw.once('close', () => clearTimeout(timer));
  });
}

/** If Node closes the connection after the response, delays that until the body has ended. */
function closeLate(raw: FastifyRequest['raw'], socket: Socket): void {
  socket.destroySoon = () => {
    if (raw.complete) Socket.prototype.destroySoon.call(socket);
    else {
      socket.end();
      raw.once('close', () => socket.destroy());
    }
  };
}
