import { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isAwaited } from './expect-continue.ts';

/** Of a body that nobody wants, as much is read. */
const MOST_BYTES = 134_217_728;
/** And for as long, as nginx does. */
const MOST_MS = 30_000;

/**
 * Has an error reach a client that is still sending: what comes is read and forgotten for a while. Were the connection
 * closed at once, the client's next bytes would be answered with a reset, which takes the answer along. Where the body
 * ends in time, the connection goes on.
 */
export function discardBody({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (raw.complete) return;
  // Fastify closes the connection where it could not read a body. It has to be closed only where the client was not asked
  // for its body: what comes next may be that or another request.
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

/** Where Node closes the connection behind the answer, it only says so until the body has ended. */
function closeLate(raw: FastifyRequest['raw'], socket: Socket): void {
  socket.destroySoon = () => {
    if (raw.complete) Socket.prototype.destroySoon.call(socket);
    else {
      socket.end();
      raw.once('close', () => socket.destroy());
    }
  };
}
