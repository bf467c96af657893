/**
 * A minimal Node server for the model: it parses JSON, runs the session and answers. It checks, logs and limits
 * nothing. With BATCHING=on, it uses micro-batches, and all comparisons refer to it.
 */
import type { ServerResponse } from 'node:http';
import { serveBodies } from './serve-bodies.ts';
import { type House, predict, predictBatched } from './session.ts';

const run = process.env['BATCHING'] === 'on' ? predictBatched : predict;

async function answer(body: Buffer, response: ServerResponse): Promise<void> {
  const content = JSON.parse(body.toString()) as House | House[];
  const text = JSON.stringify({ prediction: await run(Array.isArray(content) ? content : [content]) });
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}

serveBodies((_, body, response) => answer(body, response));
