import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Settings } from '#config';
import { NestorError } from '#errors';
import { countAnswer } from './answer-memory.ts';
import { HttpRecords } from './http-records.ts';
import { operationOf } from './operation.ts';
import { renderProblem } from './problem.ts';
import { sendError } from './send-error.ts';

/**
 * Answers and records requests that end before their route does: those that arrive too slowly, that Node's parser
 * rejects, or whose caller leaves. Like all requests, each gets an error of the catalogue, a log line and a count.
 */
@Injectable()
export class EarlyEnds {
  /** The last request on each connection, which may still be arriving. */
  private readonly latest = new WeakMap<Duplex, FastifyReply>();

  constructor(
    adapterHost: HttpAdapterHost,
    private readonly settings: Settings,
    private readonly records: HttpRecords,
  ) {
    const fastify = adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (request, reply, done) => {
      this.latest.set(request.raw.socket, reply);
      reply.raw.once('close', () => {
        request.server.memoryBudget.giveBack(request);
        this.records.left(request, reply);
      });
      done();
    });
    fastify.addHook('onSend', (request, _reply, payload, done) => {
      countAnswer(request, payload);
      done();
    });
    // Replaces Fastify's listener, because each listener ends the connection.
    fastify.server.removeAllListeners('clientError');
    fastify.server.on('clientError', (error, socket) => this.refuse(error, socket));
  }

  private refuse(cause: NodeJS.ErrnoException, socket: Duplex): void {
    if (cause.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const error = this.errorOf(cause);
    const reply = this.latest.get(socket);
    if (reply?.sent === true && !reply.request.raw.complete) {
      // Its response has been sent, so the rest of its body is not needed.
      socket.destroy();
      return;
    }
    if (error.code !== 'BODY_TIMEOUT' || reply === undefined || reply.sent) {
      this.answerUnread(error, socket);
      return;
    }
    const { request } = reply;
    // Makes Node close the connection once the response is sent.
    reply.header('connection', 'close');
    void sendError(request, reply, error, operationOf(request.routeOptions));
  }

  /** Answers a request that Node could not parse. Nothing is known of it, not even its path. */
  private answerUnread(error: NestorError, socket: Duplex): void {
    const id = randomUUID();
    const { contentType, body } = renderProblem(error, { id });
    const { status } = error.entry;
    const text = JSON.stringify(body);
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `Content-Type: ${contentType}`,
      `Content-Length: ${Buffer.byteLength(text)}`,
      `X-Request-Id: ${id}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
    this.records.unread(error, id);
  }

  private errorOf(cause: NodeJS.ErrnoException): NestorError {
    switch (cause.code) {
      case 'ERR_HTTP_REQUEST_TIMEOUT': {
        const { requestTimeoutSeconds } = this.settings;
        const detail = `The request did not arrive within ${requestTimeoutSeconds} s (REQUEST_TIMEOUT_SECONDS).`;
        return new NestorError('BODY_TIMEOUT', detail, { cause });
      }
      case 'HPE_HEADER_OVERFLOW':
        return new NestorError('HEADERS_TOO_LARGE', 'The headers of the request are too large.', { cause });
      default:
        return new NestorError('MALFORMED_REQUEST', `The request is not valid HTTP: ${reasonOf(cause)}.`, { cause });
    }
  }
}

/** The parser's message, such as "Invalid method encountered". */
function reasonOf({ message }: Error): string {
  return message.replace(/^Parse Error: /, '').slice(0, 100);
}
